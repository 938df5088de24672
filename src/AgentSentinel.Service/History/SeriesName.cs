using AgentSentinel.Core.Detection;

namespace AgentSentinel.Service.History;

/// <summary>A time series of an agent.</summary>
/// <param name="Dimension">What it counts.</param>
/// <param name="Name">The tool or dataset; empty for the agent itself. Text from telemetry: data.</param>
/// <param name="IsRest">True for what is not among the names that are told apart.</param>
/// <param name="Calls">Calls within the span that was asked for.</param>
public sealed record SeriesName(WindowDimension Dimension, string Name, bool IsRest, long Calls);
