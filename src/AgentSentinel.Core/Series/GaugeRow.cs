namespace AgentSentinel.Core.Series;

/// <summary>A row of a gauge with what was known before it.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Time">When.</param>
/// <param name="Value">What; finite.</param>
/// <param name="Last">The row before.</param>
/// <param name="Next">What was expected, following the latest rows.</param>
/// <param name="Usual">What is usual at this time of day and week.</param>
/// <param name="Level">The level over some hundred rows.</param>
/// <param name="Error">Mean absolute forecast error.</param>
/// <param name="Spread">Mean absolute deviation from the level.</param>
/// <param name="Floor">Differences smaller than this are not odd; over 0.</param>
/// <param name="LargestDrift">Differences larger than this count as this where they are averaged.</param>
internal readonly record struct GaugeRow(
    double Number,
    DateTimeOffset Time,
    double Value,
    double Last,
    double Next,
    double Usual,
    double Level,
    double Error,
    double Spread,
    double Floor,
    double LargestDrift);
