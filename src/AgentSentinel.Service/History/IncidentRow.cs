using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>An incident in history.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="IsOpen">False when it has ended.</param>
/// <param name="Severity">Severity as last told to people.</param>
/// <param name="Risk">Its risk.</param>
/// <param name="Anomalies">How many anomalies it gathers.</param>
/// <param name="OpenedAt">When it was opened, by the journal's clock.</param>
/// <param name="LastAt">When its last anomaly was added.</param>
/// <param name="FirstEventTime">Event time of the first anomaly.</param>
/// <param name="LastEventTime">Event time of the latest anomaly.</param>
/// <param name="KnownSince">Event time of the agent's first call.</param>
/// <param name="ClosedAt">When it ended, or null.</param>
/// <param name="ClosedBecause">Why it ended, or null.</param>
/// <param name="SuspensionId">The latest suspension it led to, or null.</param>
/// <param name="Summary">The strongest evidence in one sentence. May quote telemetry: data.</param>
/// <param name="CredentialsJson">Credentials used in it, as a JSON array of texts.</param>
/// <param name="EvidenceJson">The strongest evidence of each detector, strongest first, as a JSON array in the spelling of the journal.</param>
public sealed record IncidentRow(
    string Id,
    string AgentId,
    bool IsOpen,
    Severity Severity,
    double Risk,
    long Anomalies,
    DateTimeOffset OpenedAt,
    DateTimeOffset LastAt,
    DateTimeOffset FirstEventTime,
    DateTimeOffset LastEventTime,
    DateTimeOffset KnownSince,
    DateTimeOffset? ClosedAt,
    string? ClosedBecause,
    string? SuspensionId,
    string Summary,
    string CredentialsJson,
    string EvidenceJson);
