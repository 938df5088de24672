using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Tests.Series;

public sealed class EngineScorerTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. SeriesEngines.Names];

    [Theory, MemberData(nameof(Names))]
    public void A_row_of_a_series_is_scored_with_figures_that_a_file_can_hold(string name)
    {
        var scorer = new EngineScorer(SeriesEngines.Create(name, new SeriesEngineOptions()), thresholdDays: 30);
        var random = new Random(1);
        var (highest, at) = (0.0, 0);
        for (var i = 0; i < 1000; i++)
        {
            var value = i == 900 ? 4000 : i % 97 == 5 ? double.NaN : i % 101 == 7 ? double.PositiveInfinity : 20 + random.Next(12);
            var score = scorer.Push(Begin.AddMinutes(5 * i), i == 900 || i > 800 ? (double.IsFinite(value) ? value : 25) : value);
            Assert.InRange(score.AnomalyScore, 0, 1);
            Assert.True(double.IsFinite(score.ReturnPeriodDays) && score.ReturnPeriodDays >= 0 && double.IsFinite(score.ExpectedLow) && score.ExpectedLow <= score.ExpectedHigh, $"{i}: {score}");
            Assert.Equal(score.ReturnPeriodDays >= 30, score.IsAlert);
            if (i > 850 && score.AnomalyScore > highest)
            {
                (highest, at) = (score.AnomalyScore, i);
            }
        }

        if (!name.EndsWith("change-point", StringComparison.Ordinal))
        {
            Assert.Equal(900, at);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Where_the_interval_is_unknown_neither_the_score_nor_the_return_period_says_anything(string name)
    {
        var scorer = new EngineScorer(SeriesEngines.Create(name, new SeriesEngineOptions()), thresholdDays: 30);
        var random = new Random(2);
        for (var i = 0; i < 1000; i++)
        {
            // Twenty rows at each time: the interval is known after 31 times.
            var score = scorer.Push(Begin.AddMinutes(5 * (i / 20)), 20 + random.Next(12) + (i % 100 == 99 ? 4000 : 0));
            Assert.Equal(score.AnomalyScore > 0, score.ReturnPeriodDays > 0);
        }
    }
}
