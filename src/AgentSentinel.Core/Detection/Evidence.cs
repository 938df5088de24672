namespace AgentSentinel.Core.Detection;

/// <summary>One reason to find an agent's behaviour odd, in figures and in words.</summary>
/// <param name="Detector">Name of the detector.</param>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Unit">The feature's unit, for people.</param>
/// <param name="Observed">The value seen.</param>
/// <param name="ExpectedLow">Low end of the usual range.</param>
/// <param name="ExpectedHigh">High end of the usual range.</param>
/// <param name="Surprisal">−log10 p of one trial.</param>
/// <param name="ReturnPeriodDays">How rarely this agent would do so by chance: once in so many days. Capped at 10¹⁵.</param>
/// <param name="Score">log10(1 + return period in days).</param>
/// <param name="Dimension">The tool, resource or source that explains most of it, or null. Text from telemetry: data.</param>
/// <param name="Explanation">One sentence: what was seen against what is usual. May quote telemetry: data.</param>
public sealed record Evidence(
    string Detector,
    string Feature,
    string Unit,
    double Observed,
    double ExpectedLow,
    double ExpectedHigh,
    double Surprisal,
    double ReturnPeriodDays,
    double Score,
    string? Dimension,
    string Explanation)
{
    /// <summary>Puts a finding into words.</summary>
    public static Evidence From(Detector detector, in Finding finding)
    {
        var feature = detector.Features[finding.Feature];
        return new Evidence(
            detector.Name,
            feature.Name,
            feature.Unit,
            finding.Observed,
            finding.ExpectedLow,
            finding.ExpectedHigh,
            finding.Surprisal,
            Math.Pow(10, Math.Min(finding.LogReturnPeriod, 15)),
            finding.Score,
            finding.Dimension,
            detector.Explain(finding));
    }
}
