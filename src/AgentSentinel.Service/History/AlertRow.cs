using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>An alert as the list shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Time">When, by the journal's clock.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="IncidentId">The incident, or null.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="SuspensionId">The suspension it is about, or null.</param>
/// <param name="Risk">The incident's risk at that time.</param>
/// <param name="Anomalies">How many anomalies the incident had gathered.</param>
/// <param name="Summary">One sentence. May quote telemetry: data.</param>
public sealed record AlertRow(
    string Id, AlertKind Kind, DateTimeOffset Time, Severity Severity, string? IncidentId, string AgentId, string? SuspensionId, double Risk, long Anomalies, string Summary);
