namespace AgentSentinel.Core.Statistics;

/// <summary>Student's t distribution's tail.</summary>
public static class StudentT
{
    private const double NormalFrom = 1e8;

    /// <summary>
    /// ln P[T ≥ t] ≤ 0, finite for every t: |t| over 1e150, infinities included, counts as 1e150. By I_x(ν/2, ½) at x = ν/(ν + t²) (DLMF 8.17),
    /// whose complement is formed from t² and not from 1 − x. Relative error of the probability below 1e-12, plus 4e-16 · |result|. From 1e8
    /// degrees the normal tail of Wallace's transformed t (Wallace 1959, for large ν), error there below 1e-12 + 4e-15 · |result| for |t| ≤ 40.
    /// </summary>
    /// <param name="t">The statistic.</param>
    /// <param name="degrees">Degrees of freedom ν, not necessarily whole, from 1e-6 upwards, infinity included.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static double LogUpperTail(double t, double degrees)
    {
        if (double.IsNaN(t))
        {
            throw new ArgumentOutOfRangeException(nameof(t), t, "t must be a number.");
        }

        if (!(degrees >= 1e-6))
        {
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "Degrees of freedom must be at least 1e-6.");
        }

        t = Math.Clamp(t, -1e150, 1e150);
        if (t == 0)
        {
            return -LogSpace.LogTwo;
        }

        double tail = Tail(Math.Abs(t), degrees);
        return t > 0 ? tail : LogSpace.OnePlus(-Math.Exp(tail));
    }

    private static double Tail(double t, double degrees)
    {
        if (degrees >= NormalFrom)
        {
            // z = (1 − 1/(4ν)) √(ν ln(1 + t²/ν)); equals t when ν is infinite.
            double square = double.IsInfinity(degrees) ? t * t : degrees * LogSpace.OnePlus(t / degrees * t);
            return Normal.LogUpperTail(Math.Sqrt(square) * (1 - 0.25 / degrees));
        }

        double a = degrees / 2;
        double q = t / Math.Sqrt(degrees);
        if (q > 1e9)
        {
            // x = 1/q² to all digits, and the fraction is 1 to all digits.
            return -degrees * Math.Log(q) - Math.Log(a) - LogBeta.Of(a, 0.5) - LogSpace.LogTwo;
        }

        double scale = 1 + q * q;
        double y = q * q / scale;
        return y == 0 ? -LogSpace.LogTwo : IncompleteBeta.Lower(a, 0.5, 1 / scale, y) - LogSpace.LogTwo;
    }
}
