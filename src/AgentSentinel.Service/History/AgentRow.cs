using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>An agent as the list shows it.</summary>
/// <param name="Id">The agent. Text from telemetry: data.</param>
/// <param name="KnownSince">Event time of the first that is known of it.</param>
/// <param name="LastSeen">End of its latest window, or the time of its latest anomaly.</param>
/// <param name="LastScore">Highest anomaly score of its latest window.</param>
/// <param name="LastHourCalls">Calls in the latest hour of event time in which it was active.</param>
/// <param name="Anomalies">Anomalies so far.</param>
/// <param name="Severity">Severity of its open incident; null when it has none.</param>
/// <param name="Risk">Risk of its open incident; 0 when it has none.</param>
/// <param name="IncidentId">Its open incident, or null.</param>
/// <param name="SuspensionId">Its suspension that is not over, or null.</param>
/// <param name="SuspensionState">Where that stands, in snake_case, or null.</param>
public sealed record AgentRow(
    string Id,
    DateTimeOffset KnownSince,
    DateTimeOffset LastSeen,
    double LastScore,
    long LastHourCalls,
    long Anomalies,
    Severity? Severity,
    double Risk,
    string? IncidentId,
    string? SuspensionId,
    string? SuspensionState);
