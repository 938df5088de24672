namespace AgentSentinel.Service.History;

/// <summary>One point of a chart: a minute, or some minutes gathered. Minutes without a call have no point.</summary>
/// <param name="Start">Begin of its interval.</param>
/// <param name="Calls">Tool calls.</param>
/// <param name="Failures">Calls that failed or were refused.</param>
/// <param name="Denials">Calls that were refused.</param>
/// <param name="Records">Records read or written.</param>
/// <param name="Bytes">Bytes of requests and results.</param>
/// <param name="Tokens">Model tokens.</param>
/// <param name="PeakCalls">Calls of the busiest minute: what the expected range is to be held against.</param>
/// <param name="ExpectedLow">Low end of the usual calls of a minute (mean of the minutes), or null.</param>
/// <param name="ExpectedHigh">High end of the usual calls of a minute (mean of the minutes), or null.</param>
/// <param name="Score">Highest anomaly score.</param>
/// <param name="DistinctResources">Most different resources in a minute, or null when not counted.</param>
public sealed record SeriesPoint(
    DateTimeOffset Start,
    long Calls,
    long Failures,
    long Denials,
    double Records,
    double Bytes,
    double Tokens,
    long PeakCalls,
    double? ExpectedLow,
    double? ExpectedHigh,
    double Score,
    double? DistinctResources);
