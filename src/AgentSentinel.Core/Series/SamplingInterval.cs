namespace AgentSentinel.Core.Series;

/// <summary>
/// The usual time between a series' rows: the median of its first intervals, and again of the latest ones when those have become very different.
/// It stays put otherwise, so that within a series more rows are always more days.
/// </summary>
public sealed class SamplingInterval
{
    /// <summary>Steps forward in time after which the interval is known.</summary>
    public const int Sample = 31;

    private const double VeryDifferent = 2;

    private readonly long[] _intervals = new long[Sample];
    private int _count;
    private long _previous = long.MinValue;

    /// <summary>In days; 0 until enough rows were seen.</summary>
    public double Days { get; private set; }

    /// <summary>Adds a row. An interval that is not over 0, as when time goes backwards, counts for nothing.</summary>
    public void Add(DateTimeOffset time)
    {
        var interval = _previous == long.MinValue ? 0 : time.UtcTicks - _previous;
        _previous = time.UtcTicks;
        if (interval <= 0)
        {
            return;
        }

        _intervals[_count++] = interval;
        if (_count < Sample)
        {
            return;
        }

        _count = 0;
        Array.Sort(_intervals);
        var median = _intervals[Sample / 2] / (double)TimeSpan.TicksPerDay;
        if (!(median <= Days * VeryDifferent && median >= Days / VeryDifferent))
        {
            Days = median;
        }
    }
}
