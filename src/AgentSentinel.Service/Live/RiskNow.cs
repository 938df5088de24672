namespace AgentSentinel.Service.Live;

/// <summary>The risk of an agent at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Risk">The agent's risk.</param>
/// <param name="Sessions">Its latest sessions in which something was found, the latest last.</param>
internal sealed record RiskNow(DateTimeOffset At, double Risk, IReadOnlyList<SessionRisk> Sessions);
