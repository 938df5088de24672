namespace AgentSentinel.Simulator;

/// <summary>A dataset or recipient of one agent.</summary>
/// <param name="Name">As it stands in the event's <c>resources</c>.</param>
/// <param name="IsSensitive">True for data whose loss would hurt.</param>
/// <param name="KnownFrom">The agent doesn't use it earlier; later than the simulation's start for what an explorer still has to discover.</param>
public sealed record SimulatedResource(string Name, bool IsSensitive, DateTimeOffset KnownFrom);
