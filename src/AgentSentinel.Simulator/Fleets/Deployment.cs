namespace AgentSentinel.Simulator.Fleets;

/// <summary>One version of an agent.</summary>
/// <param name="FromMs">Since when it runs.</param>
/// <param name="Version">Tag of prompt, tools and model.</param>
/// <param name="ToolOrder">Which tool follows which.</param>
/// <param name="SizeFactor">Factor on all sizes: agents of one purpose ask for different amounts.</param>
internal sealed record Deployment(long FromMs, string Version, ToolOrder ToolOrder, double SizeFactor);
