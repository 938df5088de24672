using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Series;

/// <summary>
/// Scores any series of numbers that is not a count: latency, cost, utilisation, temperature. One parameter set for all series: everything is measured in
/// the series' own units and against its own past, and nothing of its future, length, minimum or maximum is needed.
/// </summary>
/// <remarks>
/// Each row gives some twenty measures of oddness (<see cref="GaugeEvidence"/>): forecast errors at several horizons and on either side, energy above and below
/// the usual, peaks or troughs that are missing, the shape of the day, standing still. Each is compared with its own past by a <see cref="HillTail"/>;
/// what lies beyond that tail's quantile adds up, because odd measures that agree are worth more than one, and so does a record beyond the range so far.
/// <see cref="EpisodeHistory"/> makes a return period of the sum.
/// <para>About 10 KB a series, of constant size. About 0.6 µs a row.</para>
/// </remarks>
public sealed class GaugeScorer : ISeriesScorer
{
    // Rows before anything is said.
    private const int WarmUpRows = 100;

    // Beyond this everything is alike; differences and their squares stay finite.
    private const double LargestValue = 1e30;

    // Errors count at most so many mean errors: one wild row must not blind the scorer.
    private const double LargestErrors = 10;
    private const double LargestDrifts = 12;

    // And what is learned lies at most so many mean deviations from the level.
    private const double LargestDeviations = 20;
    private const int BoundedFrom = 50;

    // Differences smaller than this part of the series' own spread are not odd however rare they are: rounding, quantisation.
    private const double FloorOfSpread = 0.1;
    private const double FloorOfLevel = 1e-9;
    private const double LeastFloor = 1e-12;

    // A record that exceeds the range so far by a twentieth counts in full: 2 for each decade of rows so far. The range shrinks slowly, by half in 14,000 rows.
    // In a young series it must exceed the range by more, because noise sets records all the time while it has few rows: by 1/√k, the relative standard error of Hill's
    // estimator from k excesses, which are the tenth of the rows at that end.
    private const double LeastRecord = 0.05;
    private const double ExcessesPerRow = HillTail.Share / 2;
    private const double RecordPerDecade = 2;
    private const double RangeRows = 20_000;
    private const int RecordsFrom = 20;

    // The anomaly score is ½ at a return period of 1,000 rows.
    private const double HalfScore = 3;

    private readonly double _thresholdDays;
    private readonly SeriesForecast _forecast = new();
    private readonly GaugeEvidence _evidence = new();
    private readonly EpisodeHistory _episodes = new();
    private readonly SamplingInterval _interval = new();
    private RowMean _error = new(1000);
    private RowMean _spread = new(2000);
    private double _rows;
    private double _high;
    private double _low;

    /// <summary>A scorer that has seen nothing.</summary>
    /// <param name="thresholdDays">Return period from which on a row is an alert; over 0.</param>
    public GaugeScorer(double thresholdDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(thresholdDays);
        _thresholdDays = thresholdDays;
    }

    /// <inheritdoc/>
    public SeriesScore Push(DateTimeOffset time, double value)
    {
        if (double.IsNaN(value))
        {
            _forecast.PredictAt(time);
            return Score(0);
        }

        value = Math.Clamp(value, -LargestValue, LargestValue);
        _interval.Add(time);
        _rows++;
        if (_rows == 1)
        {
            (_low, _high) = (value, value);
            _forecast.PredictAt(time);
            _forecast.Learn(value, 0);
            return Score(0) with { ExpectedLow = value, ExpectedHigh = value };
        }

        _forecast.PredictAt(time);
        var (error, spread) = (_error.Value, _spread.Value);
        var floor = Floor;
        var row = new GaugeRow(
            _rows, time, value, _forecast.Last, _forecast.Next, _forecast.Usual, _forecast.Level, error, spread, floor, Math.Max(LargestDrifts * error, LeastFloor));
        var expected = Score(0);
        var logRows = _rows > WarmUpRows ? _episodes.Push(_evidence.Weigh(row) + Record(value)) : Gather(row);

        var isBounded = _rows > BoundedFrom;
        _error.Add(Math.Min(Math.Abs(value - row.Next), isBounded ? (LargestErrors * error) + floor : double.MaxValue));
        _spread.Add(Math.Min(Math.Abs(value - row.Level), isBounded ? (LargestErrors * spread) + floor : double.MaxValue));
        _high = Math.Max(value, _high + ((row.Level - _high) / RangeRows));
        _low = Math.Min(value, _low + ((row.Level - _low) / RangeRows));
        var reach = (LargestDeviations * spread) + floor;
        _forecast.Learn(isBounded ? Math.Clamp(value, row.Level - reach, row.Level + reach) : value, (LargestErrors * error) + floor);

        // While the interval is unknown nothing can be said in days, and a score that said more would not follow the return period.
        logRows = _interval.Days > 0 ? logRows : 0;
        var days = logRows > 0 ? Math.Pow(10, logRows) * _interval.Days : 0;
        return expected with { AnomalyScore = logRows / (logRows + HalfScore), ReturnPeriodDays = days, IsAlert = days >= _thresholdDays };
    }

    private double Floor => (FloorOfSpread * _spread.Value) + (FloorOfLevel * Math.Abs(_forecast.Level)) + LeastFloor;

    private double Gather(in GaugeRow row)
    {
        _evidence.Weigh(row);
        return 0;
    }

    // New highs and lows, as part of the range so far.
    private double Record(double value)
    {
        var range = _high - _low;
        var excess = Math.Max(value - _high, _low - value);
        return excess > 0 && range > 0 && _rows > RecordsFrom
            ? RecordPerDecade * Math.Log10(_rows) * Math.Min(1, excess / range / Math.Max(LeastRecord, 1 / Math.Sqrt(ExcessesPerRow * _rows)))
            : 0;
    }

    private SeriesScore Score(double days) => new(
        0,
        days,
        false,
        _forecast.Next - _evidence.Reach(isAbove: false, Floor),
        _forecast.Next + _evidence.Reach(isAbove: true, Floor));
}
