namespace AgentSentinel.Core.Detection;

/// <summary>What is usual of a number.</summary>
/// <param name="Low">Low end, in the number's unit. Finite, ≥ 0.</param>
/// <param name="High">High end, in the number's unit. Finite, at least <paramref name="Low"/>.</param>
public readonly record struct ExpectedRange(double Low, double High);
