using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response.Policy;

/// <summary>What the policy decided about an incident, and why it went no further: for the audit and for dry runs.</summary>
/// <param name="Time">When, by the journal's clock.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="PolicyVersion">The policy.</param>
/// <param name="Rule">The rule that applied.</param>
/// <param name="Step">What it asks for.</param>
/// <param name="Mode">The mode that held for the agent.</param>
/// <param name="Target">What would stop the harm.</param>
/// <param name="Objection">Why it was not carried out at once; null when it was.</param>
/// <param name="Severity">Severity of the incident.</param>
/// <param name="Risk">Risk of the agent.</param>
/// <param name="Until">When the suspension ends by itself if it is carried out now.</param>
/// <param name="SuspensionId">The suspension that it ordered or proposed; null when it did neither.</param>
public sealed record PolicyDecision(
    DateTimeOffset Time,
    string IncidentId,
    string AgentId,
    string PolicyVersion,
    string Rule,
    ResponseStep Step,
    SuspensionMode Mode,
    SuspensionTarget Target,
    string? Objection,
    Severity Severity,
    double Risk,
    DateTimeOffset Until,
    string? SuspensionId);
