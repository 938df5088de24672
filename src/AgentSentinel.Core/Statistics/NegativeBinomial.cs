namespace AgentSentinel.Core.Statistics;

/// <summary>
/// Counts that vary more than Poisson's: mean μ, variance μ + φ μ². P[X ≥ n] = I_{μφ/(1+μφ)}(n, 1/φ); φ → 0 is the Poisson distribution, entered
/// without a step where the two agree to 1e-13.
/// </summary>
/// <remarks>
/// Ranges: n to 1e15, mean from 1e-100 to 1e12, dispersion from 0 to 1e6; NaN is outside them. Relative error of a probability below 2e-12
/// + 2e-15 · (|its logarithm| + |n − μ|) for n and mean to 1e7; the last part is what the rounding of μ itself makes of it. Cost 0.05 µs for
/// a few, 0.1–0.2 µs for other usual arguments, at most 10 µs next to a mean of 1e7 with hardly any dispersion.
/// </remarks>
public static class NegativeBinomial
{
    /// <summary>The largest count a quantile can be; beyond, doubles do not count by ones.</summary>
    public const long LargestCount = 1_000_000_000_000_000;

    // Up to so large a count masses are multiplied up from that of 0, and a tail is what they leave of 1, if it is as much as this.
    private const int LargestProduct = 24;
    private const double LeastRest = 0.01;

    // From there on each mass is at most so much of the one before, or they are not summed; what is less of the sum than a double holds is left out.
    private const double LargestFall = 0.6;
    private const double LeastTerm = 1e-17;

    private static readonly double[] Reciprocals = [.. Enumerable.Range(1, LargestProduct).Select(k => 1.0 / k)];

    /// <summary>
    /// Surprisal −log10 P[X ≥ n] ≥ 0, finite; 0 for n ≤ 0. It is the plain tail also at and below the mean, where it is small but not 0: whoever
    /// wants "nothing odd about few calls" sets 0 there itself.
    /// </summary>
    /// <param name="n">The observed count.</param>
    /// <param name="mean">μ, over 0.</param>
    /// <param name="dispersion">φ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static double Surprisal(long n, double mean, double dispersion)
        => Math.Max(0, -LogUpperTail(n, mean, dispersion) * LogSpace.DecimalPerNatural);

    /// <summary>ln P[X ≥ n] ≤ 0, finite; 0 for n ≤ 0. Decreasing in n, increasing in the mean.</summary>
    /// <param name="n">The observed count.</param>
    /// <param name="mean">μ, over 0.</param>
    /// <param name="dispersion">φ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static double LogUpperTail(long n, double mean, double dispersion)
    {
        Require(n, mean, dispersion);
        if (n <= 0)
        {
            return 0;
        }

        if (IsPoisson(n, mean, dispersion))
        {
            return n == 1 ? LogSpace.Complement(-mean) : IncompleteGamma.LogLower(n, mean);
        }

        double odds = mean * dispersion;
        double none = -LogSpace.OnePlus(odds) / dispersion;
        if (n == 1)
        {
            return LogSpace.Complement(none);
        }

        var (tail, isOverNone) = n <= LargestProduct ? Product(n, none, odds, dispersion) : default;
        return tail <= 0 ? IncompleteBeta.Lower(n, 1 / dispersion, odds / (1 + odds), 1 / (1 + odds))
            : isOverNone ? none + Math.Log(tail)
            : Math.Log(tail);
    }

    /// <summary>P[X ≥ n], 0 when it is less than a double can hold: cheaper than its logarithm for small counts.</summary>
    /// <param name="n">The observed count.</param>
    /// <param name="mean">μ, over 0.</param>
    /// <param name="dispersion">φ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static double UpperTail(long n, double mean, double dispersion)
    {
        Require(n, mean, dispersion);
        if (n is >= 1 and <= LargestProduct && !IsPoisson(n, mean, dispersion))
        {
            double odds = mean * dispersion;
            double none = -LogSpace.OnePlus(odds) / dispersion;
            var (tail, isOverNone) = Product(n, none, odds, dispersion);
            if (tail > 0)
            {
                return isOverNone ? Math.Exp(none) * tail : tail;
            }
        }

        return Math.Exp(LogUpperTail(n, mean, dispersion));
    }

    /// <summary>ln P[X = n] ≤ 0, finite. A negative n is refused: its mass is 0.</summary>
    /// <param name="n">The observed count, at least 0.</param>
    /// <param name="mean">μ, over 0.</param>
    /// <param name="dispersion">φ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static double LogMass(long n, double mean, double dispersion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        Require(n, mean, dispersion);
        if (IsPoisson(n, mean, dispersion))
        {
            return n == 0 ? -mean : Math.Min(0, IncompleteGamma.LogPower(n, mean));
        }

        double odds = mean * dispersion;
        double none = -LogSpace.OnePlus(odds) / dispersion;
        if (n == 0)
        {
            return none;
        }

        return n <= LargestProduct && Ratio(n, odds, dispersion) is var ratio && double.IsNormal(ratio)
            ? Math.Min(0, none + Math.Log(ratio))
            : Math.Min(0, LogBeta.LogPower(n, 1 / dispersion, odds / (1 + odds), 1 / (1 + odds)) - Math.Log(n));
    }

    /// <summary>The smallest n with P[X ≥ n] ≤ <paramref name="p"/>; see <see cref="UpperQuantileOfLog"/>.</summary>
    /// <param name="p">A probability over 0 and at most 1.</param>
    /// <param name="mean">μ, over 0.</param>
    /// <param name="dispersion">φ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static long UpperQuantile(double p, double mean, double dispersion)
    {
        if (!(p > 0 && p <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "p must be over 0 and at most 1.");
        }

        return UpperQuantileOfLog(Math.Log(p), mean, dispersion);
    }

    /// <summary>
    /// The smallest n with ln P[X ≥ n] ≤ <paramref name="logProbability"/>, at most <see cref="LargestCount"/>; it falls as the probability
    /// rises. By doubling from the mean and bisection: about 2 log2(n) tails, some µs.
    /// </summary>
    /// <param name="logProbability">Natural logarithm of a probability, finite, at most 0.</param>
    /// <param name="mean">μ, over 0.</param>
    /// <param name="dispersion">φ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public static long UpperQuantileOfLog(double logProbability, double mean, double dispersion)
    {
        if (!(logProbability <= 0 && logProbability >= double.MinValue))
        {
            throw new ArgumentOutOfRangeException(nameof(logProbability), logProbability, "The logarithm must be finite and at most 0.");
        }

        Require(0, mean, dispersion);
        if (logProbability == 0)
        {
            return 0;
        }

        // Invariant: the tail at low is over the probability, at high not.
        long low = 0;
        long high = (long)mean + 1;
        while (LogUpperTail(high, mean, dispersion) > logProbability)
        {
            if (high >= LargestCount)
            {
                return LargestCount;
            }

            low = high;
            high = Math.Min(LargestCount, 2 * high);
        }

        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (LogUpperTail(middle, mean, dispersion) > logProbability)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    /// <summary>
    /// P[X ≥ n] of a small count, each mass from the one before: what those below n leave of 1, or, where that is next to nothing, the sum of those from n
    /// on, over P[X = 0]. 0 when they fall too slowly to be summed.
    /// </summary>
    private static (double Tail, bool IsOverNone) Product(long n, double logNone, double odds, double dispersion)
    {
        var (size, share) = (1 / dispersion, odds / (1 + odds));
        var mass = Math.Exp(logNone);
        var rest = 1 - mass;
        for (var k = 0; k < n - 1; k++)
        {
            mass *= (k + size) * share * Reciprocals[k];
            rest -= mass;
        }

        if (rest >= LeastRest)
        {
            return (rest, false);
        }

        var ratio = Math.Max((n + size) * share / (n + 1), share) <= LargestFall ? Ratio(n, odds, dispersion) : 0;
        if (!double.IsNormal(ratio))
        {
            return (0, true);
        }

        var (term, sum) = (1.0, 1.0);
        for (var k = n; term > LeastTerm * sum; k++)
        {
            term *= (k + size) * share / (k + 1);
            sum += term;
        }

        return (ratio * sum, true);
    }

    /// <summary>P[X = n] over P[X = 0]; not a normal number when that is too large or too small.</summary>
    private static double Ratio(long n, double odds, double dispersion)
    {
        var (size, share) = (1 / dispersion, odds / (1 + odds));
        var ratio = 1.0;
        for (var k = 0; k < n; k++)
        {
            ratio *= (k + size) * share * Reciprocals[k];
        }

        return ratio;
    }

    /// <summary>The relative difference of the two tails is about φ ((n − μ)² + n) / 2.</summary>
    private static bool IsPoisson(long n, double mean, double dispersion)
    {
        double reach = Math.Max(n, mean) + 1;
        return dispersion * reach * reach < 1e-13;
    }

    private static void Require(long n, double mean, double dispersion)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, LargestCount);
        if (!(mean >= 1e-100 && mean <= 1e12))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "The mean must be from 1e-100 to 1e12.");
        }

        if (!(dispersion >= 0 && dispersion <= 1e6))
        {
            throw new ArgumentOutOfRangeException(nameof(dispersion), dispersion, "The dispersion must be from 0 to 1e6.");
        }
    }
}
