namespace AgentSentinel.Core.Statistics;

/// <summary>
/// How unlikely large values of a stream are, learned from the stream itself, whatever its scale: a running 90 % quantile (Robbins and Monro 1951) of the
/// logarithms and, beyond it, Hill's (1975) estimator of the tail index, the mean excess of the logarithms. A value of 32 bytes; <c>default</c> is empty;
/// adding gives a new one. About 10 ns.
/// </summary>
/// <remarks>
/// Both forget: they remember about <see cref="Memory"/> values. The index begins at <see cref="PriorIndex"/> with the weight of <see cref="PriorWeight"/> excesses,
/// is never below <see cref="LeastIndex"/>, and one value adds a bounded excess, so that neither a short history nor one outlier makes the tail.
/// On 4,000 independent values with a Pareto tail of index 0.2 to 1 the quantile's logarithm is met within half the index, and the index within 30 %;
/// the surprisal of one value in a million within 1.2 decades.
/// </remarks>
/// <param name="Count">Values seen.</param>
/// <param name="Quantile">Natural logarithm that 10 % of the values exceed.</param>
/// <param name="Weight">Decayed number of excesses.</param>
/// <param name="Excess">Decayed sum of excesses, in natural logarithms.</param>
public readonly record struct HillTail(double Count, double Quantile, double Weight, double Excess)
{
    /// <summary>Share of the values beyond the quantile.</summary>
    public const double Share = 0.1;

    /// <summary>Values that are remembered, roughly.</summary>
    public const double Memory = 4000;

    /// <summary>Index that is believed before anything was seen: 0.4, as of Pareto values with finite variance.</summary>
    public const double PriorIndex = 0.4;

    /// <summary>How many excesses the prior is worth.</summary>
    public const double PriorWeight = 60;

    /// <summary>Least index: lighter tails than any power are not believed.</summary>
    public const double LeastIndex = 0.15;

    // The first values only say where the distribution lies.
    private const double FastUntil = 20;
    private const double LongestStep = 0.5;

    /// <summary>ξ, the mean excess of the logarithms beyond the quantile.</summary>
    public double Index => Math.Max(LeastIndex, ((PriorWeight * PriorIndex) + Excess) / (PriorWeight + Weight));

    /// <summary>−log10 of the probability of such a value or a larger one, above the 1 that the quantile itself stands for: 0 up to the quantile. Finite, ≥ 0.</summary>
    /// <param name="log">Natural logarithm of the value; finite.</param>
    public double SurprisalBeyond(double log) =>
        Count > 0 && log > Quantile ? (log - Quantile) / Index * LogSpace.DecimalPerNatural : 0;

    /// <summary>The natural logarithm of the value at which <see cref="SurprisalBeyond"/> is <paramref name="surprisal"/>.</summary>
    /// <param name="surprisal">At least 0.</param>
    public double LogAt(double surprisal) => Quantile + (surprisal * Index / LogSpace.DecimalPerNatural);

    /// <summary>With one more value.</summary>
    /// <param name="log">Natural logarithm of the value; finite.</param>
    public HillTail Add(double log)
    {
        var count = Count + 1;
        if (count == 1)
        {
            return new HillTail(1, log, 0, 0);
        }

        var index = Index;
        var beyond = log - Quantile;
        var isBeyond = beyond > 0;
        var rate = 4 * Math.Max(1 / count, 1 / Memory);
        var step = Math.Clamp(rate * index * ((isBeyond ? 1 : 0) - Share) / Share, -LongestStep, LongestStep);
        var quantile = count <= FastUntil && isBeyond ? Quantile + Math.Max(step, Math.Min(beyond, LongestStep)) : Quantile + step;
        const double Keep = 1 - (1 / Memory);
        return count <= FastUntil
            ? new HillTail(count, quantile, 0, 0)
            : new HillTail(
                count,
                quantile,
                (Weight * Keep) + (isBeyond ? 1 : 0),
                (Excess * Keep) + (isBeyond ? Math.Min(beyond, (6 * index) + 0.2) : 0));
    }
}
