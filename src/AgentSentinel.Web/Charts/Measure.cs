using AgentSentinel.Service.History;

namespace AgentSentinel.Web.Charts;

/// <summary>Something that time series hold and a chart can draw.</summary>
/// <param name="Key">Short name, as in features of detectors.</param>
/// <param name="Name">In words.</param>
/// <param name="Value">Takes it out of a point.</param>
public sealed record Measure(string Key, string Name, Func<SeriesPoint, double> Value)
{
    /// <summary>All that there are, calls first.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [
        new("calls", "Calls", p => p.Calls),
        new("records", "Records", p => p.Records),
        new("bytes", "Bytes", p => p.Bytes),
        new("tokens", "Tokens", p => p.Tokens),
        new("errors", "Failed calls", p => p.Failures),
        new("denials", "Denied calls", p => p.Denials),
        new("distinct", "Distinct resources", p => p.DistinctResources ?? 0),
        new("score", "Anomaly score", p => p.Score),
    ];

    /// <summary>What a detector's feature is about.</summary>
    public static Measure OfFeature(string feature)
    {
        var word = feature.Split('_')[0];
        return All.FirstOrDefault(m => m.Key == word) ?? All[0];
    }

    /// <summary>Whether a feature counts the very thing, in slots of the chart's length: only then can their ranges be laid over each other.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="window">Length of the feature's window.</param>
    /// <param name="slot">Length of the chart's slots.</param>
    public bool IsCountedBy(string feature, TimeSpan window, TimeSpan slot) => OfFeature(feature) == this && feature.StartsWith(Key, StringComparison.Ordinal) && window == slot;
}
