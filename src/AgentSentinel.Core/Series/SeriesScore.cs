namespace AgentSentinel.Core.Series;

/// <summary>What a scorer makes of one row.</summary>
/// <param name="AnomalyScore">0 to 1, within a series growing with the return period: 0 is "nothing new".</param>
/// <param name="ReturnPeriodDays">The series does something like this by chance once in so many days; finite, ≥ 0. 0 for what is usual; below the threshold for the rest of an episode that was already told.</param>
/// <param name="IsAlert">Whether the return period reaches the scorer's threshold.</param>
/// <param name="ExpectedLow">Low end of what was expected of this row before it was seen; finite.</param>
/// <param name="ExpectedHigh">High end of what was expected of this row before it was seen; finite.</param>
public readonly record struct SeriesScore(double AnomalyScore, double ReturnPeriodDays, bool IsAlert, double ExpectedLow, double ExpectedHigh);
