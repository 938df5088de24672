using AgentSentinel.Core.Series;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// A <see cref="SeriesEngine"/> as a scorer of rows. The return period is the one that the engine's surprisal claims, each row being a trial; it is not calibrated. An alert is
/// what reaches the threshold, not the engine's own rule.
/// </summary>
/// <param name="engine">A fresh engine; this is its owner.</param>
/// <param name="thresholdDays">Return period from which on a row is an alert; over 0.</param>
public sealed class EngineScorer(SeriesEngine engine, double thresholdDays) : ISeriesScorer
{
    // A surprisal beyond it would leave the range of return periods.
    private const double LargestSurprisal = 300;

    // The anomaly score is ½ at a return period of 1,000 rows.
    private const double HalfScore = 3;

    private readonly SamplingInterval _interval = new();

    /// <inheritdoc/>
    public SeriesScore Push(DateTimeOffset time, double value)
    {
        _interval.Add(time);
        var single = (float)value;
        var score = engine.Score(single);

        // While the interval is unknown nothing can be said in days, and a score that said more would not follow the return period.
        var surprisal = float.IsNaN(single) || !engine.IsReady || _interval.Days == 0 ? 0 : Math.Min(engine.Surprisal(score), LargestSurprisal);
        var days = surprisal > 0 ? Math.Pow(10, surprisal) * _interval.Days : 0;
        var isAlert = days >= thresholdDays;
        engine.Learn(single, score);
        if (isAlert)
        {
            engine.Acknowledge();
        }

        var expected = double.IsFinite(score.Expected) ? score.Expected : 0;
        return new SeriesScore(
            surprisal / (surprisal + HalfScore), days, isAlert, expected - (EngineScore.UsualDeviations * score.Deviation), expected + (EngineScore.UsualDeviations * score.Deviation));
    }
}
