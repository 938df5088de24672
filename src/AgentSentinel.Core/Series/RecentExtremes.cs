namespace AgentSentinel.Core.Series;

/// <summary>Highest and lowest of the last 48 rows. 400 bytes.</summary>
internal sealed class RecentExtremes
{
    private const int Rows = 48;

    private readonly double[] _values = new double[Rows];
    private int _next;
    private int _count;

    /// <summary>Whether there are 48 rows.</summary>
    public bool IsFull => _count == Rows;

    /// <summary>The highest; needs a row.</summary>
    public double High { get; private set; }

    /// <summary>The lowest; needs a row.</summary>
    public double Low { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(double value)
    {
        var leaving = _values[_next];
        var isFull = IsFull;
        _values[_next] = value;
        _next = _next + 1 == Rows ? 0 : _next + 1;
        _count = isFull ? Rows : _count + 1;
        if (_count == 1)
        {
            (High, Low) = (value, value);
            return;
        }

        // Only when an extreme leaves must all be looked at.
        var known = _values.AsSpan(0, _count);
        High = value >= High ? value : isFull && leaving >= High ? Highest(known) : High;
        Low = value <= Low ? value : isFull && leaving <= Low ? Lowest(known) : Low;
    }

    private static double Highest(ReadOnlySpan<double> values)
    {
        var highest = values[0];
        foreach (var value in values)
        {
            highest = Math.Max(highest, value);
        }

        return highest;
    }

    private static double Lowest(ReadOnlySpan<double> values)
    {
        var lowest = values[0];
        foreach (var value in values)
        {
            lowest = Math.Min(lowest, value);
        }

        return lowest;
    }
}
