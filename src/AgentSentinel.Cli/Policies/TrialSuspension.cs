using AgentSentinel.Core.Response;

namespace AgentSentinel.Cli.Policies;

/// <summary>A suspension that would have been, and what it would have cost and prevented.</summary>
internal sealed class TrialSuspension(SuspensionOrder order)
{
    public SuspensionOrder Order { get; } = order;

    /// <summary>When it would have been lifted; null while the recording ends before.</summary>
    public DateTimeOffset? LiftedAt { get; set; }

    /// <summary>Good calls that would have been lost.</summary>
    public long GoodLost { get; set; }

    /// <summary>Bad calls that would have been prevented.</summary>
    public long BadStopped { get; set; }

    /// <summary>True when nothing bad would have been prevented.</summary>
    public bool IsInVain => BadStopped == 0;

    public TimeSpan Length(DateTimeOffset end) => (LiftedAt ?? end) - Order.Time is var length && length > TimeSpan.Zero ? length : TimeSpan.Zero;
}
