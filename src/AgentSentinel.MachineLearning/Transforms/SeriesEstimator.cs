using AgentSentinel.MachineLearning.Series;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>Fits a detector of spikes or change points; made by <see cref="SeriesCatalog"/>.</summary>
public sealed class SeriesEstimator : IEstimator<SeriesTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly string _output;
    private readonly string _input;
    private readonly Func<IDataView, EnginePlan> _fit;

    internal SeriesEstimator(TransformsCatalog catalog, string output, string input, Func<IDataView, EnginePlan> fit)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(output);
        _catalog = catalog;
        _output = output;
        _input = input;
        _fit = fit;
    }

    /// <inheritdoc/>
    public SeriesTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SeriesColumn.Find(input.Schema, _input);
        return new SeriesTransformer(_output, _input, _fit(input));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var column in inputSchema)
        {
            if (column.Name == _input && column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Single)
            {
                // Columns of a shape cannot be made outside of ML.NET; these two of its estimators give one that is the same.
                return _catalog.Concatenate(_output, _input).Append(_catalog.Conversion.ConvertType(_output, outputKind: DataKind.Double)).GetOutputSchema(inputSchema);
            }
        }

        throw new ArgumentException($"There is no column '{_input}' of single numbers ({NumberDataViewType.Single}) in the data.", nameof(inputSchema));
    }
}
