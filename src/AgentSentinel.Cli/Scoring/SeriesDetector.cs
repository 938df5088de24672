using AgentSentinel.Core.Series;

namespace AgentSentinel.Cli.Scoring;

/// <summary>A way to score series of one kind.</summary>
/// <param name="Name">What <c>--detector</c> calls it; kebab-case, unique.</param>
/// <param name="Kind">The kind of series that it is for.</param>
/// <param name="Create">A scorer for one series. Takes the return period in days from which on a row is an alert.</param>
internal sealed record SeriesDetector(string Name, SeriesKind Kind, Func<double, ISeriesScorer> Create);
