using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator;

/// <summary>One incident of the simulation, or a benign disturbance: the truth detectors are measured against.</summary>
/// <param name="Id">Unique in the simulation.</param>
/// <param name="AgentId">The agent that misbehaves.</param>
/// <param name="Kind">What happens.</param>
/// <param name="KindName">The kind as it stands in the labels: snake_case.</param>
/// <param name="Start">No call of the incident is earlier (UTC).</param>
/// <param name="End">No call of the incident is later (UTC).</param>
/// <param name="PartnerId">Another agent that takes part without doing wrong itself, or null.</param>
/// <param name="IsBenign">True for a disturbance: nothing is wrong.</param>
public sealed record PlannedIncident(
    string Id, string AgentId, IncidentKind Kind, string KindName, DateTimeOffset Start, DateTimeOffset End, string? PartnerId = null, bool IsBenign = false);
