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

    /// <summary>The part of both budgets that the agents of one owner may use; those without an owner are one owner's and get half of that. Holds where agents are registered.</summary>
    [Description("Part of both budgets, in percent, that the agents of one owner may use (at least one agent), so that one owner's trouble leaves the rest for others. Agents without an owner count as one owner's and get half of that. Holds where a registry is declared.")]
    [Range(1.0, 100.0)]
    public double MaxOwnerPercent { get; init; } = 50;

    /// <summary>How long an agent must be known before the automation suspends it.</summary>
    [Description("How long an agent must be known before it is suspended automatically; until then its baselines are young and suspensions are proposed.")]
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MinimumHistory { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a first suspension lasts before it is lifted by itself.</summary>
    [Description("How long a first suspension lasts before it is lifted by itself; each further one of the same agent lasts twice as long.")]
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The longest that repeats can make a suspension.</summary>
    [Description("The longest that repeats can make a suspension.")]
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long an earlier suspension makes the next one longer.</summary>
    [Description("How long an earlier suspension of an agent makes its next one longer.")]
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RepeatsWithin { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long after a person lifted a suspension the automation only proposes one of the same agent.</summary>
    [Description("How long after a person lifted a suspension the same agent is only proposed, not suspended.")]
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Share of judged suspensions that may be false before the automation disarms itself.</summary>
    [Description("Share of the automatically suspended agents judged by people within JudgedWithin that may have been suspended wrongly; over it the automation disarms itself.")]
    [Range(0.0, 1.0)]
    public double MaxFalseShare { get; init; } = 0.2;

    /// <summary>How many agents must have been suspended wrongly before the automation disarms itself.</summary>
    [Description("Least number of agents suspended wrongly before the automation disarms itself.")]
    [Range(1, 1000)]
    public int LeastFalse { get; init; } = 3;

    /// <summary>How long an automatic suspension says something about the automation.</summary>
    [Description("How long an automatic suspension, once judged, says something about the automation.")]
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan JudgedWithin { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a suspension lasts after so many earlier ones: twice as long for each, up to <see cref="MaxDuration"/>, and never shorter than asked for.</summary>
    /// <param name="first">How long a first one lasts.</param>
    /// <param name="repeats">Earlier ones.</param>
    public TimeSpan DurationAfter(TimeSpan first, int repeats)
    {
        var longest = first > MaxDuration ? first : MaxDuration;
        var wanted = first.Ticks * Math.Pow(2, Math.Min(repeats, 30));
        return wanted < longest.Ticks ? TimeSpan.FromTicks((long)wanted) : longest;
    }
}
