namespace AgentSentinel.Core.Detection;

/// <summary>How much a producer tells of a call.</summary>
public enum TelemetryLevel
{
    /// <summary>Names, sizes and outcome.</summary>
    Metadata,

    /// <summary>Also where argument values had occurred before.</summary>
    Lineage,

    /// <summary>Also arguments, results and requests.</summary>
    Content,
}
