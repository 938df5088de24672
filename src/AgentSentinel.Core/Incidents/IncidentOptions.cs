using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AgentSentinel.Core.Incidents;

/// <summary>When anomalies belong together and what they weigh.</summary>
public sealed record IncidentOptions
{
    /// <summary>An incident closes when its agent has been unremarkable for so long.</summary>
    [Description("An incident closes when its agent has been unremarkable for so long.")]
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time in which risk falls by half.</summary>
    [Description("Time in which an agent's risk falls by half when nothing more is found.")]
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan RiskHalfLife { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Risk from which an incident is Medium.</summary>
    [Description("Risk from which an incident is Medium. Risk is the log10 of the return period in days of the strongest evidence, plus half of what the next independent family of detectors says and so on, plus what the sensitivity of the data adds (public -0.5, confidential 0.5, restricted 1).")]
    public double MediumAt { get; init; } = 3;

    /// <summary>Risk from which an incident is High.</summary>
    [Description("Risk from which an incident is High.")]
    public double HighAt { get; init; } = 4.5;

    /// <summary>Risk from which an incident is Critical.</summary>
    [Description("Risk from which an incident is Critical.")]
    public double CriticalAt { get; init; } = 7;

    /// <summary>The severity of a risk.</summary>
    public Severity SeverityOf(double risk) =>
        risk >= CriticalAt ? Severity.Critical
        : risk >= HighAt ? Severity.High
        : risk >= MediumAt ? Severity.Medium
        : Severity.Low;
}
