using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator;

/// <summary>One incident of the simulation: the truth detectors are measured against.</summary>
/// <param name="Id">Unique in the simulation.</param>
/// <param name="AgentId">The agent that misbehaves.</param>
/// <param name="Kind">What happens.</param>
/// <param name="KindName">The kind as it stands in the labels: snake_case.</param>
/// <param name="Start">No call of the incident is earlier (UTC).</param>
/// <param name="End">No call of the incident is later (UTC).</param>
public sealed record PlannedIncident(string Id, string AgentId, IncidentKind Kind, string KindName, DateTimeOffset Start, DateTimeOffset End);
