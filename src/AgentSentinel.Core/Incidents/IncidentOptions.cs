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

    /// <summary>Risk from which an incident is Medium.</summary>
    [Description("Risk from which an incident is Medium. Risk is the log10 of the return period in days of the strongest evidence, plus parts of what other detectors say.")]
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
