using System.ComponentModel;

namespace AgentSentinel.Core.Events;

/// <summary>Limits of what the decoder accepts.</summary>
public sealed record DecoderOptions
{
    /// <summary>Longest record in bytes.</summary>
    [Description("Longest record accepted, in bytes.")]
    public int MaxRecordBytes { get; init; } = 1_048_576;

    /// <summary>How far a call's time may lie after the moment its record was received.</summary>
    [Description("How far a call's time may lie in the future of its record's reception before the record is refused.")]
    public TimeSpan MaxFutureSkew { get; init; } = TimeSpan.FromMinutes(5);
}
