using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>Which columns of rows with scores come from where. Each row that it makes has an engine of its own.</summary>
internal sealed class SeriesRowMapper : IRowToRowMapper
{
    private readonly SeriesTransformer _transformer;
    private readonly DataViewSchema.Column _source;

    public SeriesRowMapper(SeriesTransformer transformer, DataViewSchema input)
    {
        _transformer = transformer;
        _source = SeriesColumn.Find(input, transformer.InputColumnName);
        InputSchema = input;
        OutputSchema = transformer.GetOutputSchema(input);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    // The new column is the last one.
    private int ScorePosition => InputSchema.Count;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        dependingColumns.Select(column => column.Index == ScorePosition ? _source : InputSchema[column.Index]).DistinctBy(column => column.Index);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = activeColumns.Select(column => column.Index).ToHashSet();
        var engine = active.Contains(ScorePosition) ? _transformer.Plan.CreateEngine() : null;
        return new SeriesRow(input, OutputSchema, active, engine, engine is null ? null : input.GetGetter<float>(_source), _transformer.Slots.Length);
    }
}
