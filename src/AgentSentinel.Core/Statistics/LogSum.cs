namespace AgentSentinel.Core.Statistics;

/// <summary>Sums of numbers that are given, and wanted, as logarithms.</summary>
public static class LogSum
{
    /// <summary>
    /// ln Σ e^v, relative error of the sum below n · 1e-16. −∞ counts as the logarithm of 0: only when all are −∞ is the result −∞, else it is finite.
    /// O(n), no allocation.
    /// </summary>
    /// <param name="logarithms">At least one; finite or −∞.</param>
    /// <exception cref="ArgumentException">There is none, or one is NaN or +∞.</exception>
    public static double Of(ReadOnlySpan<double> logarithms)
    {
        if (logarithms.IsEmpty)
        {
            throw new ArgumentException("A sum of nothing has no logarithm.", nameof(logarithms));
        }

        double largest = double.NegativeInfinity;
        foreach (double value in logarithms)
        {
            if (double.IsNaN(value) || value == double.PositiveInfinity)
            {
                throw new ArgumentException("A logarithm must be finite or minus infinity.", nameof(logarithms));
            }

            largest = Math.Max(largest, value);
        }

        if (largest == double.NegativeInfinity)
        {
            return largest;
        }

        // The largest term is exactly 1; left out of the sum once, it lets ln(1 + rest) keep the digits of a small rest.
        double rest = -1;
        foreach (double value in logarithms)
        {
            rest += Math.Exp(value - largest);
        }

        return largest + LogSpace.OnePlus(rest);
    }

    /// <summary>
    /// ln Σ w e^v, the tail of a mixture from the tails of its experts; weights need not sum to 1. −∞ only where no weighted term is over 0.
    /// O(n), no allocation.
    /// </summary>
    /// <param name="logarithms">At least one; finite or −∞.</param>
    /// <param name="weights">As many, each finite and at least 0.</param>
    /// <exception cref="ArgumentException">Lengths differ, there is none, or a value is outside its range.</exception>
    public static double Weighted(ReadOnlySpan<double> logarithms, ReadOnlySpan<double> weights)
    {
        if (logarithms.IsEmpty || logarithms.Length != weights.Length)
        {
            throw new ArgumentException("There must be one weight for each logarithm, and at least one.", nameof(weights));
        }

        double largest = double.NegativeInfinity;
        for (int i = 0; i < weights.Length; i++)
        {
            if (double.IsNaN(logarithms[i]) || logarithms[i] == double.PositiveInfinity || !(weights[i] >= 0 && weights[i] <= double.MaxValue))
            {
                throw new ArgumentException("A logarithm must be finite or minus infinity, a weight finite and at least 0.", nameof(logarithms));
            }

            if (weights[i] > 0)
            {
                largest = Math.Max(largest, logarithms[i]);
            }
        }

        if (largest == double.NegativeInfinity)
        {
            return largest;
        }

        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] > 0 ? weights[i] * Math.Exp(logarithms[i] - largest) : 0;
        }

        return sum > 0 ? largest + Math.Log(sum) : double.NegativeInfinity;
    }
}
