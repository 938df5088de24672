using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Statistics;

/// <summary>
/// An exponentially decayed mean: Σ w x / Σ w over weights that fade. Dividing by the weight still there makes it right from the first observation on, with no
/// pull towards 0. A value of 16 bytes; <c>default</c> is empty; decaying and adding give a new one.
/// </summary>
/// <param name="Weight">Σ w, at least 0: how many recent observations the mean is worth.</param>
/// <param name="Mean">The mean; 0 while empty, and unchanged by decay.</param>
public readonly record struct DecayedMean(double Weight, double Mean)
{
    /// <summary>The largest magnitude of an observation.</summary>
    public const double LargestValue = 1e150;

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At the mean.</param>
    /// <exception cref="MemoryFormatException">It is not a mean.</exception>
    public static DecayedMean Load(ref MemoryReader reader)
    {
        double weight = reader.ReadFinite();
        double mean = reader.ReadFinite();
        return weight >= 0 ? new DecayedMean(weight, mean) : throw reader.Damaged("a negative weight");
    }

    /// <summary>Writes it, 16 bytes, exactly.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteDouble(Weight);
        writer.WriteDouble(Mean);
    }

    /// <summary>With the time since the last decay forgotten.</summary>
    /// <param name="elapsed">Event time; negative counts as 0.</param>
    /// <param name="halfLife">How fast.</param>
    public DecayedMean Decay(TimeSpan elapsed, HalfLife halfLife) => this with { Weight = Weight * halfLife.Keep(elapsed) };

    /// <summary>With one more observation.</summary>
    /// <param name="value">Finite, at most <see cref="LargestValue"/> in magnitude.</param>
    /// <param name="weight">From 1e-100 to 1e100.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range or NaN.</exception>
    public DecayedMean Add(double value, double weight = 1)
    {
        Require(value, weight);
        double total = Weight + weight;
        return new DecayedMean(total, Mean + weight / total * (value - Mean));
    }

    internal static void Require(double value, double weight)
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
