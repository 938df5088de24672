using System.ComponentModel;

namespace AgentSentinel.Core.Detectors;

/// <summary>One section per detector, under its name.</summary>
public record DetectorsOptions
{
    /// <summary>Numbers of calls.</summary>
    [Description("Numbers of calls.")]
    public CallRateOptions CallRate { get; init; } = new();

    /// <summary>First uses of tools and resources.</summary>
    [Description("First uses of tools and resources.")]
    public FirstUseOptions FirstUse { get; init; } = new();

    /// <summary>Where the values of consequential calls came from.</summary>
    [Description("Where the values of consequential calls came from.")]
    public LineageOptions Lineage { get; init; } = new();

    /// <summary>Failed and denied calls.</summary>
    [Description("Failed and denied calls.")]
    public FailureRatioOptions FailureRatio { get; init; } = new();

    /// <summary>Calls outside of what is declared.</summary>
    [Description("Calls outside of what is declared of an agent, and high-impact actions without an approval.")]
    public DeclaredScopeOptions DeclaredScope { get; init; } = new();
}
