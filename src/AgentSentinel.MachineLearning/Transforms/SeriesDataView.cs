using Microsoft.ML;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>Data with the scores of one of its columns beside it, computed when it is read.</summary>
internal sealed class SeriesDataView(SeriesTransformer transformer, IDataView input) : IDataView
{
    private readonly SeriesRowMapper _mapper = new(transformer, input.Schema);

    /// <summary>Rows in another order would have other scores.</summary>
    public bool CanShuffle => false;

    public DataViewSchema Schema => _mapper.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var cursor = input.GetRowCursor(_mapper.GetDependencies(needed));
        return new SeriesCursor(cursor, (SeriesRow)_mapper.GetRow(cursor, needed));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
