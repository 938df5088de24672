using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AgentSentinel.Core.Events;

/// <summary>Limits of what the decoder accepts.</summary>
public sealed record DecoderOptions
{
    /// <summary>Longest record in bytes.</summary>
    [Description("Longest record accepted, in bytes.")]
    [Range(1024, 16_777_216)]
    public int MaxRecordBytes { get; init; } = 1_048_576;

    /// <summary>How far a call's time may lie after the moment its record was received.</summary>
    [Description("How far a call's time may lie in the future of its record's reception before the record is refused.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxFutureSkew { get; init; } = TimeSpan.FromMinutes(5);
}
