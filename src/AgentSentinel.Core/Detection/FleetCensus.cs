namespace AgentSentinel.Core.Detection;

/// <summary>How many agents of one partition were active lately: the response side needs it for budgets that are a share of the fleet.</summary>
/// <param name="Time">The full hour of event time at which was counted.</param>
/// <param name="ActiveAgents">Agents with a call in the 24 hours before.</param>
public sealed record FleetCensus(DateTimeOffset Time, int ActiveAgents);
