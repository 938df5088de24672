using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Series;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.Cli.Scoring;

/// <summary>All ways to score a series. To add one: one line in <see cref="All"/>; the first of a kind is its default, but ML.NET's are none.</summary>
internal static class SeriesDetectors
{
    public static IReadOnlyList<SeriesDetector> All { get; } =
    [
        new("volume", SeriesKind.Counts, thresholdDays => new CountSeries(thresholdDays)),
        new("gauge", SeriesKind.Gauge, thresholdDays => new GaugeScorer(thresholdDays)),
        .. SeriesEngines.Names.SelectMany(name => Enum.GetValues<SeriesKind>(), Engine),
    ];

    /// <summary>Finds a detector.</summary>
    /// <param name="kind">Kind of the series.</param>
    /// <param name="name">Its name; null for the kind's default.</param>
    /// <param name="error">Why there is none; null when there is.</param>
    public static SeriesDetector? Find(SeriesKind kind, string? name, out string? error)
    {
        var found = All.FirstOrDefault(d => d.Kind == kind && (name is null ? !SeriesEngines.Names.Contains(d.Name) : d.Name == name));
        error = found is not null ? null
            : name is null ? $"There is no detector for {Text(kind)} yet."
            : $"There is no detector '{name}' for {Text(kind)}; known: {Known(kind)}.";
        return found;
    }

    private static SeriesDetector Engine(string name, SeriesKind kind) =>
        new(name, kind, thresholdDays => new EngineScorer(SeriesEngines.Create(name, new SeriesEngineOptions()), thresholdDays));

    private static string Known(SeriesKind kind) => string.Join(", ", All.Where(d => d.Kind == kind).Select(d => d.Name).DefaultIfEmpty("none yet"));

    private static string Text(SeriesKind kind) => kind == SeriesKind.Counts ? "counts" : "gauges";
}
