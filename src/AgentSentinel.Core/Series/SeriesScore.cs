namespace AgentSentinel.Core.Series;

/// <summary>What a scorer makes of one row.</summary>
/// <param name="AnomalyScore">0 to 1, within a series growing with the return period: 0 is "nothing new".</param>
/// <param name="ReturnPeriodDays">The series does something like this by chance once in so many days; finite, ≥ 0. 0 for what is usual, and while the usual time between rows is unknown; below the threshold for the rest of an episode that was already told.</param>
/// <param name="IsAlert">Whether the return period reaches the scorer's threshold.</param>
/// <param name="ExpectedLow">Low end of what was expected of this row before it was seen; finite.</param>
/// <param name="ExpectedHigh">High end of what was expected of this row before it was seen; finite.</param>
public readonly record struct SeriesScore(double AnomalyScore, double ReturnPeriodDays, bool IsAlert, double ExpectedLow, double ExpectedHigh)
{
    /// <summary>Whether the row was neither scored nor learned because its time was counted already. Never so for a value that is missing.</summary>
    public bool IsPassedOver { get; init; }

    /// <summary>How many rows before this one, scored already, turn out with it to be of no time of the series: they count for nothing any more. Nearly always 0.</summary>
    public long TakenBack { get; init; }
}
