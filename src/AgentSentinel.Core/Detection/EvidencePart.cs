namespace AgentSentinel.Core.Detection;

/// <summary>One of several things that together make a finding surprising.</summary>
/// <param name="Name">snake_case, stable, such as <c>new_destination</c>.</param>
/// <param name="Surprisal">Its share, −log10 p. Finite.</param>
/// <param name="Explanation">In words. May quote telemetry: data.</param>
public sealed record EvidencePart(string Name, double Surprisal, string Explanation);
