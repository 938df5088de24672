namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>An estimate with its 95 % confidence interval.</summary>
/// <param name="Value">The estimate; NaN when there was nothing to estimate it from.</param>
/// <param name="Low">Low end.</param>
/// <param name="High">High end.</param>
/// <param name="Count">Cases that it rests on.</param>
internal readonly record struct Interval(double Value, double Low, double High, int Count)
{
    private const double Z = 1.959964;

    public static Interval None { get; } = new(double.NaN, double.NaN, double.NaN, 0);

    /// <summary>A proportion, by Wilson's score interval (1927).</summary>
    public static Interval OfProportion(int hits, int cases)
    {
        if (cases == 0)
        {
            return None;
        }

        var p = (double)hits / cases;
        var z2 = Z * Z / cases;
        var middle = (p + (z2 / 2)) / (1 + z2);
        var half = Z / (1 + z2) * Math.Sqrt((p * (1 - p) / cases) + (z2 / (4 * cases)));
        return new Interval(p, Math.Max(0, middle - half), Math.Min(1, middle + half), cases);
    }

    /// <summary>A mean with its standard error, kept within 0 and 1.</summary>
    public static Interval OfMean(double mean, double standardError, int cases) =>
        new(mean, Math.Max(0, mean - (Z * standardError)), Math.Min(1, mean + (Z * standardError)), cases);
}
