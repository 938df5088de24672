namespace AgentSentinel.Core.Detection;

/// <summary>A detector threw. It is muted for that agent for a day of event time; the line goes on.</summary>
/// <param name="Detector">Name of the detector.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Error">What was thrown.</param>
public sealed record DetectorFailure(string Detector, string AgentId, Exception Error);
