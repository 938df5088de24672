namespace AgentSentinel.Core.Statistics;

/// <summary>The standard normal distribution's tail.</summary>
public static class Normal
{
    private const double Limit = 1e150;

    /// <summary>
    /// ln P[Z ≥ z] ≤ 0, finite for every z: |z| over 1e150, infinities included, counts as 1e150. By Q(½, z²/2) = erfc(z/√2); from 20 by the
    /// asymptotic series (Abramowitz and Stegun 1964, 7.1.23). Relative error of the probability below 1e-14, plus 4e-16 · |result|. About 0.1–0.3 µs.
    /// </summary>
    /// <param name="z">Standard deviations above the mean.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="z"/> is NaN.</exception>
    public static double LogUpperTail(double z)
    {
        if (double.IsNaN(z))
        {
            throw new ArgumentOutOfRangeException(nameof(z), z, "z must be a number.");
        }

        z = Math.Clamp(z, -Limit, Limit);
        return z >= 0 ? Tail(z) : LogSpace.OnePlus(-Math.Exp(Tail(-z)));
    }

    private static double Tail(double z)
    {
        if (z < 20)
        {
            return IncompleteGamma.LogUpper(0.5, 0.5 * z * z) - LogSpace.LogTwo;
        }

        double s = 1 / z / z;
        double series = -s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s * (1 - 11 * s * (1 - 13 * s))))));
        return -0.5 * z * z - LogSpace.HalfLogTwoPi - Math.Log(z) + LogSpace.OnePlus(series);
    }
}
