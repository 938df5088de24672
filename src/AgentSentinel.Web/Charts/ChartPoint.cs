namespace AgentSentinel.Web.Charts;

/// <summary>One slot of a chart.</summary>
/// <param name="Start">Its begin.</param>
/// <param name="Value">What was seen; null after the last that is known.</param>
/// <param name="Low">Low end of what is usual, or null.</param>
/// <param name="High">High end of what is usual, or null.</param>
public readonly record struct ChartPoint(DateTimeOffset Start, double? Value, double? Low, double? High);
