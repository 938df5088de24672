using AgentSentinel.Cli.Evaluation.Nab;

namespace AgentSentinel.Cli.Tests.Evaluation.Nab;

public sealed class NabScorerTests
{
    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "data", "nab");

    // Computed with another implementation of the rule, from the results that the benchmark publishes.
    [Theory]
    [InlineData("numenta", 65.354699942, 63.783271371, 67.379323771)]
    [InlineData("windowedGaussian", 66.757008706, 65.971294420, 68.314196280)]
    public void Published_results_on_three_series_get_their_scores(string detector, double standard, double lowFalsePositives, double lowFalseNegatives)
    {
        Assert.Equal(standard, Best(NabProfile.Standard), 1e-8);
        Assert.Equal(lowFalsePositives, Best(NabProfile.LowFalsePositives), 1e-8);
        Assert.Equal(lowFalseNegatives, Best(NabProfile.LowFalseNegatives), 1e-8);

        double Best(NabProfile profile)
        {
            var scorer = new NabScorer(profile);
            foreach (var series in NabCorpus.Read(Corpus))
            {
                scorer.Add(series, NabCorpus.ReadScores(Path.Combine(Corpus, "reference-results", detector), series));
            }

            var best = scorer.Best();
            Assert.Equal(best, scorer.At(best.Threshold));
            return best.Normalized;
        }
    }

    [Fact]
    public void Nothing_detected_is_0_and_each_window_at_its_first_row_is_100()
    {
        Assert.Equal(0, Score(NabProfile.Standard, []).Normalized);
        Assert.Equal(100, Score(NabProfile.Standard, [400, 700]).Normalized, 1e-12);
        Assert.Equal(100, Score(NabProfile.LowFalseNegatives, [400, 700]).Normalized, 1e-12);
    }

    [Fact]
    public void Only_the_earliest_detection_in_a_window_counts_and_later_ones_earn_less()
    {
        Assert.Equal(Score(NabProfile.Standard, [410]), Score(NabProfile.Standard, [410, 411, 440]) with { Threshold = 1 });
        var (early, middle, late) = (Score(NabProfile.Standard, [400]).Normalized, Score(NabProfile.Standard, [450]).Normalized, Score(NabProfile.Standard, [499]).Normalized);
        Assert.True(early > middle && middle > late && late > 0, $"{early} {middle} {late}");
    }

    [Fact]
    public void A_false_positive_costs_most_far_from_a_window_and_little_right_after_one()
    {
        // Two windows, so that 25 points are one full detection.
        Assert.Equal(-25 * 0.11, Score(NabProfile.Standard, [200]).Normalized, 1e-9);
        Assert.Equal(-25 * 0.22, Score(NabProfile.LowFalsePositives, [200]).Normalized, 1e-9);
        Assert.InRange(Score(NabProfile.Standard, [500]).Normalized, -25 * 0.11 * 0.05, -1e-9);
        Assert.Equal(-25 * 0.11, Score(NabProfile.Standard, [999]).Normalized, 0.1);
    }

    [Fact]
    public void Nobody_is_judged_on_the_probation()
    {
        Assert.Equal(0, Score(NabProfile.Standard, [0, 50, 149]).FalsePositives);
        Assert.Equal(1, Score(NabProfile.Standard, [150]).FalsePositives);
    }

    [Fact]
    public void Without_a_window_each_detection_costs()
    {
        var scorer = new NabScorer(NabProfile.Standard);
        scorer.Add(Series([]), Detections([200, 300]));
        Assert.Equal(100 - 0.22, scorer.At(1).Normalized, 1e-9);
        Assert.Equal(100, scorer.At(2).Normalized);
        Assert.Equal(100, scorer.Best().Normalized);
    }

    [Fact]
    public void Scores_must_be_as_many_as_rows()
        => Assert.Throws<ArgumentException>(() => new NabScorer(NabProfile.Standard).Add(Series([]), [1, 2]));

    private static NabScore Score(NabProfile profile, int[] rows)
    {
        var scorer = new NabScorer(profile);
        scorer.Add(Series([(400, 499), (700, 799)]), Detections(rows));
        return scorer.At(1);
    }

    private static NabSeries Series((int, int)[] windows) =>
        new("some/series.csv", [.. Enumerable.Range(0, 1000).Select(i => DateTimeOffset.UnixEpoch.AddMinutes(i))], new double[1000], windows);

    private static double[] Detections(int[] rows) => [.. Enumerable.Range(0, 1000).Select(i => rows.Contains(i) ? 1.0 : 0)];
}
