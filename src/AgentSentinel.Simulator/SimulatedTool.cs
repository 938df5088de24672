using AgentSentinel.Core.Events;

namespace AgentSentinel.Simulator;

/// <summary>A tool as agents of one purpose use it. Sizes are medians of log-normal distributions.</summary>
public sealed record SimulatedTool
{
    /// <summary>The tool's name, e.g. <c>crm.search_contacts</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the tool lives.</summary>
    public required string Server { get; init; }

    /// <summary>What the tool does.</summary>
    public required ToolAction Action { get; init; }

    /// <summary>How often it is used relative to the agent's other tools.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>What the tool touches.</summary>
    public ToolTarget Target { get; init; } = ToolTarget.Dataset;

    /// <summary>Median records per call; null for a tool that doesn't count records.</summary>
    public double? Records { get; init; }

    /// <summary>Median bytes per record, or bytes of the whole result when the tool doesn't count records.</summary>
    public double ResultBytes { get; init; } = 400;

    /// <summary>Median request size in bytes.</summary>
    public double RequestBytes { get; init; } = 220;

    /// <summary>Median duration in milliseconds.</summary>
    public double DurationMs { get; init; } = 180;

    /// <summary>Who could have written what the tool returns.</summary>
    public SourceTrust ResultSource { get; init; } = SourceTrust.Internal;
}
