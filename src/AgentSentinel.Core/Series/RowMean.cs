namespace AgentSentinel.Core.Series;

/// <summary>A mean over about the last so many rows: the plain mean while there are fewer. A mutable value, owned by the scorer that holds it.</summary>
/// <param name="rows">How many; at least 1.</param>
internal struct RowMean(double rows)
{
    private readonly double _rate = 1 / rows;
    private double _count;

    /// <summary>The mean; 0 while there are no rows.</summary>
    public double Value { get; private set; }

    /// <summary>Adds a row and gives the new mean.</summary>
    public double Add(double value)
    {
        _count++;
        return Value += (value - Value) * Math.Max(_rate, 1 / _count);
    }
}
