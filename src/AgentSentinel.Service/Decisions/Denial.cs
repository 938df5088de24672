using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Decisions;

/// <summary>A suspension in force, as the table of decisions holds it.</summary>
internal sealed class Denial(Core.Response.Suspension suspension)
{
    public string AgentId { get; } = suspension.AgentId;

    public string SuspensionId { get; } = suspension.Id;

    public SuspensionTarget Target { get; } = suspension.Target;

    public string Reason { get; } = suspension.Reason;

    public DateTimeOffset ExpiresAt { get; } = suspension.ExpiresAt;

    /// <summary>The answer while the table is known to be current.</summary>
    public DecisionAnswer Current { get; } = DecisionAnswer.Denied(suspension, isCurrent: true);

    /// <summary>The answer while it may be out of date: what was suspended when it was last heard of stays denied.</summary>
    public DecisionAnswer Stale { get; } = DecisionAnswer.Denied(suspension, isCurrent: false);

    public bool Concerns(string? sessionId, string? credentialId) => Target.Kind switch
    {
        SuspensionTargetKind.Session => Target.Id == sessionId,
        SuspensionTargetKind.Credential => Target.Id == credentialId,
        _ => true,
    };
}
