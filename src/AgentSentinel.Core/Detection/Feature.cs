namespace AgentSentinel.Core.Detection;

/// <summary>A number that a detector derives from calls or windows.</summary>
/// <param name="Name">snake_case, unique within its detector, such as <c>calls_per_minute</c>.</param>
/// <param name="Unit">What it counts, for people: "calls in 1 minute".</param>
/// <param name="Level">The least telemetry that it needs.</param>
public sealed record Feature(string Name, string Unit, TelemetryLevel Level = TelemetryLevel.Metadata);
