using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response;

/// <summary>What the receiver of suspensions is told: required, signed, delivered at least once under one id.</summary>
/// <param name="MessageId">Idempotency key: the suspension's id, with a suffix for its lift.</param>
/// <param name="Action">Suspend or lift.</param>
/// <param name="SuspensionId">The suspension.</param>
/// <param name="Time">When it was ordered, by the journal's clock.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Credentials">Credentials that the agent used in the incident and that are its own as far as is known, never those registered for another; may be empty.</param>
/// <param name="IncidentId">The incident, or null.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="DecidedBy">Who or what decided.</param>
/// <param name="Reason">Why. May quote telemetry: data.</param>
/// <param name="ExpiresAt">When it is lifted by itself; null for a lift.</param>
/// <param name="Evidence">The evidence, strongest first.</param>
public sealed record SuspensionOrder(
    string MessageId,
    SuspensionAction Action,
    string SuspensionId,
    DateTimeOffset Time,
    string AgentId,
    IReadOnlyList<string> Credentials,
    string? IncidentId,
    Severity Severity,
    string DecidedBy,
    string Reason,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<Evidence> Evidence)
{
    /// <summary>What is to be stopped, or let go on.</summary>
    public SuspensionTarget Target { get; init; } = SuspensionTarget.OfAgent(AgentId);

    /// <summary>Version of the policy that led to it; null when a person did.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>Rule of the policy that led to it; null when a person did.</summary>
    public string? Rule { get; init; }

    /// <summary>How many suspensions of the agent went before it lately.</summary>
    public int Repeat { get; init; }
}
