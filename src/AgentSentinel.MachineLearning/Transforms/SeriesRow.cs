using AgentSentinel.MachineLearning.Series;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>A row, which moves, with the score of its value. The engine takes in each position once, however often the score is read.</summary>
internal sealed class SeriesRow(DataViewRow input, DataViewSchema schema, HashSet<int> active, SeriesEngine? engine, ValueGetter<float>? source, int slots) : DataViewRow
{
    private long _scored = -1;
    private EngineScore _score;

    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < schema.Count - 1)
        {
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        }

        if (!IsColumnActive(column))
        {
            throw new InvalidOperationException($"The column '{column.Name}' was not asked for when the cursor was made.");
        }

        ValueGetter<VBuffer<double>> getter = Get;
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"The column '{column.Name}' holds {column.Type}, not {typeof(TValue)}.");
    }

    /// <summary>Takes in the value at the present position.</summary>
    public void Advance()
    {
        if (source is null || Position == _scored)
        {
            return;
        }

        var value = 0f;
        source(ref value);
        _score = engine!.Push(value);
        _scored = Position;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Get(ref VBuffer<double> target)
    {
        Advance();
        var editor = VBufferEditor.Create(ref target, slots);
        editor.Values[0] = _score.Alert ? 1 : 0;
        editor.Values[1] = _score.Raw;
        editor.Values[2] = engine is SpectralResidualEngine ? _score.Magnitude : _score.PValue;
        if (slots > 3)
        {
            editor.Values[3] = _score.Martingale;
        }

        target = editor.Commit();
    }
}
