namespace AgentSentinel.Service.Live;

/// <summary>The risk of one session of an agent.</summary>
/// <param name="SessionId">The session. Text from telemetry: data.</param>
/// <param name="Risk">Its risk.</param>
internal sealed record SessionRisk(string SessionId, double Risk);
