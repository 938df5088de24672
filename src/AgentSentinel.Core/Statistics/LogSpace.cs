namespace AgentSentinel.Core.Statistics;

/// <summary>
/// The elementary steps between a probability and its logarithm that lose digits when written naively.
/// The framework's own <c>LogP1</c> and <c>ExpM1</c> are the naive ones, hence these.
/// </summary>
internal static class LogSpace
{
    /// <summary>ln √(2π).</summary>
    public const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln 2.</summary>
    public const double LogTwo = 0.69314718055994530942;

    /// <summary>log10 e: a natural logarithm times this is a decimal one.</summary>
    public const double DecimalPerNatural = 0.43429448190325182765;

    /// <summary>ln(1 + x) for x > −1, relative error below 4e-16 also when x is tiny (Kahan's correction of the rounding of 1 + x).</summary>
    public static double OnePlus(double x)
    {
        if (Math.Abs(x) > 0.5)
        {
            return Math.Log(1 + x);
        }

        double rounded = 1 + x;
        double error = rounded - 1;
        return error == 0 ? x : Math.Log(rounded) * (x / error);
    }

    /// <summary>e^x − 1, relative error below 1e-15 also when x is tiny (Kahan).</summary>
    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 0.5)
        {
            return Math.Exp(x) - 1;
        }

        double rounded = Math.Exp(x);
        double difference = rounded - 1;
        return difference == 0 ? x : difference * (x / Math.Log(rounded));
    }

    /// <summary>
    /// ln(1 − e^<paramref name="log"/>), the logarithm of the complement of a probability given by its logarithm (Mächler 2012).
    /// A logarithm that is 0 or, from rounding, a little above it means "certain": the answer is then the smallest complement a double
    /// next to 1 can have, ln 2^−53, so that it stays finite.
    /// </summary>
    public static double Complement(double log)
    {
        if (log >= -1.2e-16)
        {
            return log >= 0 ? -53 * LogTwo : Math.Log(-log);
        }

        return log > -LogTwo ? Math.Log(-ExpMinusOne(log)) : OnePlus(-Math.Exp(log));
    }

    /// <summary>
    /// The deviance term x ln(x / m) + m − x ≥ 0 for x, m > 0, without the cancellation when x is near m
    /// (Loader 2000, "Fast and accurate computation of binomial probabilities", bd0).
    /// </summary>
    public static double Deviance(double x, double m)
    {
        double difference = x - m;
        double sum = x + m;
        if (Math.Abs(difference) >= 0.1 * sum)
        {
            double ratio = x / m;
            double log = ratio > 1e-300 && ratio < 1e300 ? Math.Log(ratio) : Math.Log(x) - Math.Log(m);
            return x * log - difference;
        }

        double v = difference / sum;
        double total = difference * v;
        double power = 2 * x * v;
        double square = v * v;
        for (int odd = 3; odd < 41; odd += 2)
        {
            power *= square;
            double next = total + power / odd;
            if (next == total)
            {
                break;
            }

            total = next;
        }

        return Math.Max(0, total);
    }
}
