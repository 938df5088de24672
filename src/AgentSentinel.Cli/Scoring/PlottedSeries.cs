using AgentSentinel.Core.Series;

namespace AgentSentinel.Cli.Scoring;

/// <summary>A scored series, coarse enough to be drawn: at most 4,096 stretches of equally many rows, and its 1,000 rarest alerts. Constant memory.</summary>
internal sealed class PlottedSeries
{
    private const int MostStretches = 4096;
    private const int MostAlerts = 1000;

    // Beyond what an axis can show.
    private const double LargestValue = 1e30;
    private static readonly DateTime EarliestTime = new(1000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<Stretch> _stretches = [];
    private readonly PriorityQueue<(double Time, double Value), double> _alerts = new();
    private int _rowsEach = 1;
    private int _rowsInLast;

    public IReadOnlyList<Stretch> Stretches => _stretches;

    public IEnumerable<(double Time, double Value)> Alerts => _alerts.UnorderedItems.Select(a => a.Element);

    public void Add(in SeriesRow row, in SeriesScore score)
    {
        if (double.IsNaN(row.Value))
        {
            return;
        }

        var time = (row.Time.UtcDateTime < EarliestTime ? EarliestTime : row.Time.UtcDateTime).ToOADate();
        var value = Bounded(row.Value);
        if (score.IsAlert)
        {
            _alerts.Enqueue((time, value), score.ReturnPeriodDays);
            if (_alerts.Count > MostAlerts)
            {
                _alerts.Dequeue();
            }
        }

        var stretch = new Stretch(time, value, value, Bounded(score.ExpectedLow), Bounded(score.ExpectedHigh));
        if (_rowsInLast > 0 && _rowsInLast < _rowsEach)
        {
            _stretches[^1] = _stretches[^1].With(stretch);
            _rowsInLast++;
            return;
        }

        if (_stretches.Count == MostStretches)
        {
            Halve();
        }

        _stretches.Add(stretch);
        _rowsInLast = 1;
    }

    private void Halve()
    {
        for (var i = 0; i < MostStretches / 2; i++)
        {
            _stretches[i] = _stretches[2 * i].With(_stretches[(2 * i) + 1]);
        }

        _stretches.RemoveRange(MostStretches / 2, MostStretches / 2);
        _rowsEach *= 2;
    }

    private static double Bounded(double value) => Math.Clamp(value, -LargestValue, LargestValue);

    /// <summary>Neighbouring rows.</summary>
    /// <param name="Time">The first one's, as days since 1899-12-30.</param>
    /// <param name="Low">Lowest value.</param>
    /// <param name="High">Highest value.</param>
    /// <param name="ExpectedLow">Lowest that was expected.</param>
    /// <param name="ExpectedHigh">Highest that was expected.</param>
    internal readonly record struct Stretch(double Time, double Low, double High, double ExpectedLow, double ExpectedHigh)
    {
        public Stretch With(in Stretch next) => new(
            Time, Math.Min(Low, next.Low), Math.Max(High, next.High), Math.Min(ExpectedLow, next.ExpectedLow), Math.Max(ExpectedHigh, next.ExpectedHigh));
    }
}
