using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AgentSentinel.Core.Windowing;

/// <summary>How event time is read.</summary>
public sealed record WindowOptions
{
    /// <summary>How much later than the newest call of its partition a call may arrive and still count.</summary>
    [Description("How far behind the newest call of its partition a call may be and still be counted and learned from.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan AllowedLateness { get; init; } = TimeSpan.FromMinutes(2);
}
