namespace AgentSentinel.Core.Statistics;

/// <summary>ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), without the cancellation of the large terms.</summary>
public static class LogBeta
{
    /// <summary>ln B(a, b), symmetric. Error below 1e-14 · (|result| + 1).</summary>
    /// <param name="a">From 1e-300 to 1e15.</param>
    /// <param name="b">From 1e-300 to 1e15.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static double Of(double a, double b)
    {
        Require(a, nameof(a));
        Require(b, nameof(b));
        double small = Math.Min(a, b);
        double large = Math.Max(a, b);
        if (small < 10)
        {
            return LogGamma.Of(small) - LogGamma.Difference(large, small);
        }

        // Both large: Stirling with the leading parts combined (DiDonato and Morris 1992, TOMS 708, betaln).
        double ratio = small / large;
        double remainder = LogGamma.StirlingRemainder(small) + LogGamma.StirlingRemainder(large)
            - LogGamma.StirlingRemainder(small + large);
        return LogSpace.HalfLogTwoPi - 0.5 * Math.Log(large) + remainder
            + (small - 0.5) * Math.Log(ratio / (1 + ratio)) - large * LogSpace.OnePlus(ratio);
    }

    /// <summary>
    /// ln(x^a y^b / B(a, b)) for x + y = 1, both positive: deviances from the mean instead of powers and a Beta function that nearly cancel
    /// (Loader 2000). Error below 1e-14 + 4e-16 · |result| for a, b ≥ 1; absolute 4e-14 below.
    /// </summary>
    internal static double LogPower(double a, double b, double x, double y)
    {
        double n = a + b;
        return 0.5 * Math.Log(a * (b / n)) - LogSpace.HalfLogTwoPi
            - LogSpace.Deviance(a, n * x) - LogSpace.Deviance(b, n * y)
            + LogGamma.StirlingRemainder(n) - LogGamma.StirlingRemainder(a) - LogGamma.StirlingRemainder(b);
    }

    private static void Require(double value, string name)
    {
        if (!(value >= 1e-300 && value <= 1e15))
        {
            throw new ArgumentOutOfRangeException(name, value, "The Beta function is computed for arguments from 1e-300 to 1e15.");
        }
    }
}
