using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response;

/// <summary>The suspension policy.</summary>
public sealed record SuspensionOptions
{
    /// <summary>How far the automation may go.</summary>
    [Description("How far the automation may go: Observe (alerts only), Approve (propose, a person decides) or Automatic.")]
    public SuspensionMode Mode { get; init; } = SuspensionMode.Observe;

    /// <summary>Least severity of an incident for a suspension.</summary>
    [Description("Least severity of an incident for a suspension: Low, Medium, High or Critical.")]
    public Severity SuspendAt { get; init; } = Severity.High;

    /// <summary>Agents that are never suspended automatically; * stands for any text.</summary>
    [Description("Agents that are never suspended automatically, only proposed. * stands for any text.")]
    public string[] ProtectedAgents { get; init; } = [];

    /// <summary>Most automatic suspensions within an hour.</summary>
    [Description("Most automatic suspensions within any hour; further ones are proposed.")]
    [Range(0, 100_000)]
    public int MaxPerHour { get; init; } = 10;

    /// <summary>Most agents suspended at a time, as a share of the fleet that was active within a day; at least one.</summary>
    [Description("Most agents suspended automatically at a time, in percent of the agents active within a day (at least one agent); further ones are proposed.")]
    [Range(0.0, 100.0)]
    public double MaxFleetPercent { get; init; } = 5;

    /// <summary>How long an agent must be known before the automation suspends it.</summary>
    [Description("How long an agent must be known before it is suspended automatically; until then its baselines are young and suspensions are proposed.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MinimumHistory { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a suspension lasts before it is lifted by itself.</summary>
    [Description("How long a suspension lasts before it is lifted by itself.")]
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(4);
}
