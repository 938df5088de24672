using AgentSentinel.Core.State;
using AgentSentinel.MachineLearning.Series;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>
/// A fitted detector of spikes or change points. Rows depend on those before them: each cursor over <see cref="Transform"/>, and each row of
/// <see cref="GetRowToRowMapper"/>, such as a prediction engine's, has an engine of its own that starts where the fit left off.
/// </summary>
public sealed class SeriesTransformer : ITransformer
{
    private const byte FormatVersion = 1;

    internal SeriesTransformer(string output, string input, EnginePlan plan)
    {
        OutputColumnName = output;
        InputColumnName = input;
        Plan = plan;
    }

    /// <summary>Name of the column that results.</summary>
    public string OutputColumnName { get; }

    /// <summary>Name of the column of values.</summary>
    public string InputColumnName { get; }

    /// <summary>What engines are made from.</summary>
    public EnginePlan Plan { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    internal ReadOnlyMemory<char>[] Slots => Plan.Kind switch
    {
        EngineKind.SpectralResidual => ["Alert".AsMemory(), "Raw Score".AsMemory(), "Mag".AsMemory()],
        EngineKind.IidChangePoint or EngineKind.SsaChangePoint =>
            ["Alert".AsMemory(), "Raw Score".AsMemory(), "P-Value Score".AsMemory(), "Martingale Score".AsMemory()],
        _ => ["Alert".AsMemory(), "Raw Score".AsMemory(), "P-Value Score".AsMemory()],
    };

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        SeriesColumn.Find(inputSchema, InputColumnName);
        var slots = Slots;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, slots.Length),
            (ref VBuffer<ReadOnlyMemory<char>> names) => names = new VBuffer<ReadOnlyMemory<char>>(slots.Length, slots));
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(inputSchema);
        schema.AddColumn(OutputColumnName, new VectorDataViewType(NumberDataViewType.Double, slots.Length), annotations.ToAnnotations());
        return schema.ToSchema();
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SeriesDataView(this, input);
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new SeriesRowMapper(this, inputSchema);

    /// <summary>Saves names, rule and model, from which <see cref="Load"/> makes the same transformer.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var writer = new MemoryWriter();
        writer.WriteByte(FormatVersion);
        writer.WriteString(OutputColumnName);
        writer.WriteString(InputColumnName);
        Plan.Save(writer);
        stream.Write(writer.Written);
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="MemoryFormatException">It is damaged.</exception>
    public static SeriesTransformer Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var reader = new MemoryReader(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A transformer of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var transformer = new SeriesTransformer(reader.ReadString(), reader.ReadString(), EnginePlan.Load(ref reader));
        reader.ExpectEnd();
        return transformer;
    }

    /// <summary>Not possible: what makes a class loadable from ML.NET's own files is internal to it.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        $"ML.NET lets only its own classes be loaded from its files. Save a {nameof(SeriesTransformer)} with {nameof(Save)}(Stream) and read it with {nameof(Load)}(Stream).");
}
