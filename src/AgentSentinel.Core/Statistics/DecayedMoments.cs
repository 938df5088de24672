using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Statistics;

/// <summary>
/// Exponentially decayed mean and variance, by weighted recursive updates without cancellation (West 1979), the variance unbiased from the second observation on by the
/// sum of squared weights. A value of 32 bytes; <c>default</c> is empty; decaying and adding give a new one.
/// </summary>
/// <param name="Weight">Σ w, at least 0.</param>
/// <param name="SquaredWeight">Σ w², at least 0.</param>
/// <param name="Mean">Σ w x / Σ w; 0 while empty, and unchanged by decay.</param>
/// <param name="SquaredDeviation">Σ w (x − mean)², at least 0.</param>
public readonly record struct DecayedMoments(double Weight, double SquaredWeight, double Mean, double SquaredDeviation)
{
    /// <summary>The largest magnitude of an observation.</summary>
    public const double LargestValue = 1e150;

    /// <summary>How many observations of equal weight would know as much: (Σ w)² / Σ w². Unchanged by decay alone; 0 while empty.</summary>
    public double EffectiveCount => SquaredWeight > 0 ? Weight / SquaredWeight * Weight : 0;

    /// <summary>Unbiased variance, Σ w (x − mean)² / (Σ w − Σ w² / Σ w), at least 0; 0 while fewer than two observations say anything about it.</summary>
    public double Variance
    {
        get
        {
            double freedom = Weight > 0 ? Weight - SquaredWeight / Weight : 0;
            return freedom > 1e-9 * Weight ? SquaredDeviation / freedom : 0;
        }
    }

    /// <summary>√<see cref="Variance"/>.</summary>
    public double Deviation => Math.Sqrt(Variance);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At the moments.</param>
    /// <exception cref="MemoryFormatException">They are not moments.</exception>
    public static DecayedMoments Load(ref MemoryReader reader)
    {
        var moments = new DecayedMoments(reader.ReadFinite(), reader.ReadFinite(), reader.ReadFinite(), reader.ReadFinite());
        return moments.Weight >= 0 && moments.SquaredWeight >= 0 && moments.SquaredDeviation >= 0
            ? moments
            : throw reader.Damaged("a negative weight or square");
    }

    /// <summary>Writes them, 32 bytes, exactly.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteDouble(Weight);
        writer.WriteDouble(SquaredWeight);
        writer.WriteDouble(Mean);
        writer.WriteDouble(SquaredDeviation);
    }

    /// <summary>With the time since the last decay forgotten. Mean and variance stay; what comes next counts more.</summary>
    /// <param name="keep">What is left of the weights, from 0 to 1: <see cref="HalfLife.Keep"/>.</param>
    public DecayedMoments Decay(double keep)
    {
        // Below this the squared weight would underflow and the effective count with it; what is left counts for nothing anyway.
        return Weight * keep < 1e-140
            ? this with { Weight = 0, SquaredWeight = 0, SquaredDeviation = 0 }
            : this with { Weight = Weight * keep, SquaredWeight = SquaredWeight * keep * keep, SquaredDeviation = SquaredDeviation * keep };
    }

    /// <summary>With one more observation.</summary>
    /// <param name="value">Finite, at most <see cref="LargestValue"/> in magnitude.</param>
    /// <param name="weight">From 1e-100 to 1e100.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public DecayedMoments Add(double value, double weight = 1)
    {
        Require(value, weight);
        double total = Weight + weight;
        double difference = value - Mean;
        double share = weight / total;
        double squares = SquaredDeviation + share * Weight * difference * difference;
        return new DecayedMoments(total, SquaredWeight + weight * weight, Mean + share * difference, Math.Min(squares, double.MaxValue));
    }

    /// <summary>
    /// <paramref name="value"/> pulled in to within mean ± (<paramref name="deviations"/> σ + <paramref name="slack"/>), so that one wild observation moves what is
    /// learned by a bounded step; unchanged while the effective count is below 2, when σ is not known.
    /// </summary>
    /// <param name="value">Any number.</param>
    /// <param name="deviations">At least 0; 6 to 8 is usual.</param>
    /// <param name="slack">At least 0, in units of the value: room to move when σ is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative or NaN.</exception>
    public double Winsorize(double value, double deviations, double slack)
    {
        if (!(deviations >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(deviations), deviations, "A bound must be at least 0.");
        }

        if (!(slack >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(slack), slack, "A bound must be at least 0.");
        }

        if (EffectiveCount < 2 - 1e-9)
        {
            return value;
        }

        double reach = deviations * Deviation + slack;
        return Math.Clamp(value, Mean - reach, Mean + reach);
    }

    /// <summary>With one more observation, winsorised against what was known before it: <see cref="Winsorize"/>, then <see cref="Add"/>.</summary>
    /// <param name="value">Finite, at most <see cref="LargestValue"/> in magnitude.</param>
    /// <param name="deviations">At least 0.</param>
    /// <param name="slack">At least 0.</param>
    /// <param name="weight">From 1e-100 to 1e100.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public DecayedMoments AddWinsorized(double value, double deviations, double slack, double weight = 1)
        => Add(Winsorize(value, deviations, slack), weight);

    private static void Require(double value, double weight)
    {
        if (!(Math.Abs(value) <= LargestValue))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "An observation must be finite and at most 1e150 in magnitude.");
        }

        if (!(weight >= 1e-100 && weight <= 1e100))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight must be from 1e-100 to 1e100.");
        }
    }
}
