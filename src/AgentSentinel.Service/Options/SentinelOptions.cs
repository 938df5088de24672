using System.ComponentModel;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Service.Options;

/// <summary>Everything that can be configured; each section's record lies beside the code it configures.</summary>
public sealed record SentinelOptions
{
    /// <summary>Limits of what the decoder accepts.</summary>
    [Description("Limits of what the decoder accepts.")]
    public DecoderOptions Decoder { get; init; } = new();
}
