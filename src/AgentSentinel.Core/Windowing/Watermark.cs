namespace AgentSentinel.Core.Windowing;

/// <summary>
/// The point in event time up to which a partition is taken to be complete. It only moves forward.
/// Owned by the <c>DetectionEngine</c> of the partition.
/// </summary>
/// <remarks>
/// It follows the calls' own time but never runs ahead of their reception: otherwise one producer with a fast clock
/// would make every other agent's calls late, which is to say blind the detectors to them.
/// </remarks>
internal sealed class Watermark(TimeSpan allowedLateness)
{
    /// <summary>The watermark; <see cref="DateTimeOffset.MinValue"/> before the first call.</summary>
    public DateTimeOffset Value { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>A call of this time is too late to be counted.</summary>
    public bool IsLate(DateTimeOffset time) => time < Value;

    /// <summary>Takes note of a call.</summary>
    /// <param name="time">The call's event time.</param>
    /// <param name="receivedAt">When its record was received.</param>
    /// <returns>True when the watermark moved.</returns>
    public bool Observe(DateTimeOffset time, DateTimeOffset receivedAt) => Advance(time < receivedAt ? time : receivedAt);

    /// <summary>Takes note that nothing older than <paramref name="now"/> less the allowed lateness is to be waited for.</summary>
    /// <returns>True when the watermark moved.</returns>
    public bool Advance(DateTimeOffset now)
    {
        if (now.UtcTicks <= Value.UtcTicks + allowedLateness.Ticks)
        {
            return false;
        }

        Value = new DateTimeOffset(now.UtcTicks - allowedLateness.Ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Sets the watermark to a saved value.</summary>
    public void Restore(DateTimeOffset value) => Value = value;
}
