namespace AgentSentinel.Core.Detection;

/// <summary>An agent that is not registered acted: once per agent and day of event time.</summary>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Time">Event time of the call.</param>
public sealed record AgentSighting(string AgentId, DateTimeOffset Time);
