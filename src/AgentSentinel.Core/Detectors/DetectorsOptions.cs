using System.ComponentModel;

namespace AgentSentinel.Core.Detectors;

/// <summary>One section per detector, under its name.</summary>
public record DetectorsOptions
{
    /// <summary>Numbers of calls and of what they bring.</summary>
    [Description("Numbers of calls, records, bytes, tokens, errors and denials.")]
    public VolumeOptions Volume { get; init; } = new();

    /// <summary>Records per call.</summary>
    [Description("Records per call.")]
    public RecordsPerCallOptions RecordsPerCall { get; init; } = new();

    /// <summary>Distinct resources.</summary>
    [Description("Numbers of distinct resources.")]
    public FanOutOptions FanOut { get; init; } = new();

    /// <summary>The mix of tools.</summary>
    [Description("The mix of tools.")]
    public ToolMixOptions ToolMix { get; init; } = new();

    /// <summary>Tools, resources and places that are new for an agent.</summary>
    [Description("Tools, resources and places that are new for an agent.")]
    public NoveltyOptions Novelty { get; init; } = new();

    /// <summary>The order of tools.</summary>
    [Description("The order of tools.")]
    public SequenceOptions Sequence { get; init; } = new();

    /// <summary>Runs of one call, and of one write over many resources.</summary>
    [Description("Runs of one call, and of one write over many resources.")]
    public RepetitionOptions Repetition { get; init; } = new();

    /// <summary>Where the values of consequential calls came from.</summary>
    [Description("Where the values of consequential calls came from.")]
    public LineageOptions Lineage { get; init; } = new();

    /// <summary>Sensitive data carried to less sensitive places.</summary>
    [Description("Sensitive data carried to less sensitive places.")]
    public DataMixingOptions DataMixing { get; init; } = new();

    /// <summary>Secrets in contents.</summary>
    [Description("Secrets in contents.")]
    public SecretsOptions Secrets { get; init; } = new();

    /// <summary>New credentials, and other agents'.</summary>
    [Description("New credentials, and other agents'.")]
    public CredentialUseOptions CredentialUse { get; init; } = new();

    /// <summary>Calls outside of what is declared.</summary>
    [Description("Calls outside of what is declared of an agent, and high-impact actions without an approval.")]
    public DeclaredScopeOptions DeclaredScope { get; init; } = new();

    /// <summary>Duration and tokens per call.</summary>
    [Description("Duration and tokens per call.")]
    public CallGaugesOptions CallGauges { get; init; } = new();
}
