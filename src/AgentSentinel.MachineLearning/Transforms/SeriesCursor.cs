using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>Reads rows with scores in order. Every row is scored, whether its score is read or not.</summary>
internal sealed class SeriesCursor(DataViewRowCursor input, SeriesRow row) : DataViewRowCursor
{
    public override DataViewSchema Schema => row.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext()
    {
        if (!input.MoveNext())
        {
            return false;
        }

        row.Advance();
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            row.Dispose();
        }

        base.Dispose(disposing);
    }
}
