using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Statistics;

/// <summary>
/// Shiryaev–Roberts statistic of a change of unknown begin: the sum, over all moments at which it may have begun, of the likelihood ratio since then (Shiryaev
/// 1963; Roberts 1966; Pollak 1985 for its optimality). 4 bytes. It forgets a twentieth each step: a change that was not found in twenty steps is another matter.
/// </summary>
public struct ShiryaevRoberts
{
    private const double Keep = 0.95;
    private const double Largest = 1e30;

    private float _value;

    /// <summary>The statistic, at least 0; about the number of steps remembered while nothing changes.</summary>
    public readonly double Value => _value;

    /// <summary>What the statistic would be after a step with this log likelihood ratio.</summary>
    /// <param name="logRatio">ln of the likelihood with change over that without; at most <paramref name="mostLog"/> of it counts.</param>
    /// <param name="mostLog">One step alone proves no change.</param>
    public readonly double After(double logRatio, double mostLog = 4) => Math.Min(Largest, ((Keep * _value) + 1) * Math.Exp(Math.Clamp(logRatio, -50, mostLog)));

    /// <summary>Takes a step.</summary>
    /// <param name="logRatio">See <see cref="After"/>.</param>
    public void Step(double logRatio) => _value = (float)After(logRatio);

    /// <summary>Begins anew, as after an alarm.</summary>
    public void Restart() => _value = 0;

    /// <summary>Writes it, 4 bytes.</summary>
    /// <param name="writer">Where to.</param>
    public readonly void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteSingle(_value);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At the statistic.</param>
    /// <exception cref="MemoryFormatException">It is not one.</exception>
    public static ShiryaevRoberts Load(ref MemoryReader reader) => reader.ReadSingle() is var value && value >= 0 && value <= 1.0001e30f
        ? new ShiryaevRoberts { _value = value }
        : throw reader.Damaged("a statistic that cannot be");
}
