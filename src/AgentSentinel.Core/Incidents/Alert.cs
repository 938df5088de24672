using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Incidents;

/// <summary>A message to people that an incident or its suspension changed.</summary>
/// <param name="Id">Incident id and number: the same after a replay.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Time">When, by the journal's clock.</param>
/// <param name="IncidentId">The incident; null for what concerns none, such as an order by a person.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Summary">One sentence. May quote telemetry: data.</param>
/// <param name="Risk">The incident's risk.</param>
/// <param name="Anomalies">How many anomalies the incident gathers.</param>
/// <param name="FirstEventTime">Event time of the first anomaly.</param>
/// <param name="LastEventTime">Event time of the latest anomaly.</param>
/// <param name="SuspensionId">The suspension it is about, or null.</param>
/// <param name="Evidence">The why, strongest first.</param>
public sealed record Alert(
    string Id,
    AlertKind Kind,
    DateTimeOffset Time,
    string? IncidentId,
    string AgentId,
    Severity Severity,
    string Summary,
    double Risk,
    int Anomalies,
    DateTimeOffset? FirstEventTime,
    DateTimeOffset? LastEventTime,
    string? SuspensionId,
    IReadOnlyList<Evidence> Evidence);
