namespace AgentSentinel.Core.Series;

/// <summary>
/// Scores one series of numbers, row by row, in the order in which they come, without looking ahead. One instance owns the memory of one series, of constant size.
/// </summary>
public interface ISeriesScorer
{
    /// <summary>Scores a value, then learns from it.</summary>
    /// <param name="time">When it was measured. Gaps of any length and times that go backwards are survived.</param>
    /// <param name="value">Any number. NaN means "not measured": it is neither scored nor learned.</param>
    SeriesScore Push(DateTimeOffset time, double value);
}
