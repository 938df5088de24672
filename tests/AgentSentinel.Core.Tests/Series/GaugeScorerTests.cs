using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Series;

public sealed class GaugeScorerTests
{
    private const int Day = SomeSeries.RowsPerDay;
    private const int Begin = (12 * Day) + 100;

    [Fact]
    public void A_spike_is_an_alert_at_once()
    {
        var values = SomeSeries.Daily(1, 14);
        values[Begin] += 150;
        Assert.Contains(Begin, SomeSeries.Alerts(values));
    }

    [Fact]
    public void A_level_shift_is_told_once_and_not_for_as_long_as_it_lasts()
    {
        var values = SomeSeries.Daily(2, 20);
        for (var i = Begin; i < values.Length; i++)
        {
            values[i] += 100;
        }

        var alerts = SomeSeries.Alerts(values).Where(a => a >= Begin).ToArray();
        Assert.InRange(alerts.FirstOrDefault(-1), Begin, Begin + 6);
        Assert.InRange(alerts.Length, 1, 4);
    }

    [Fact]
    public void A_series_that_stands_still_is_told_within_six_hours()
    {
        var values = SomeSeries.Daily(3, 16);
        for (var i = Begin; i < Begin + Day; i++)
        {
            values[i] = values[Begin - 1];
        }

        Assert.InRange(SomeSeries.Alerts(values).FirstOrDefault(a => a >= Begin, -1), Begin, Begin + (Day / 4));
    }

    [Fact]
    public void A_day_without_its_peak_is_the_rarest_of_three_weeks()
    {
        var values = SomeSeries.Daily(4, 24);
        var day = 20 * Day;
        for (var i = day; i < day + Day; i++)
        {
            values[i] = Math.Min(values[i], 95 + (0.1 * (values[i] - 100)));
        }

        var scores = SomeSeries.Score(values);
        var (before, then) = (scores[(7 * Day)..day].Max(s => s.ReturnPeriodDays), scores[day..(day + Day)].Max(s => s.ReturnPeriodDays));
        Assert.True(then > 20 && then > 2 * before, $"{before} → {then}");
    }

    [Fact]
    public void A_wilder_variation_around_the_same_mean_is_told()
    {
        var values = SomeSeries.Skewed(5, 16);
        var mean = values.Average();
        for (var i = Begin; i < Begin + Day; i++)
        {
            values[i] = mean + ((values[i] - mean) * (i % 2 == 0 ? 3 : -3));
        }

        Assert.InRange(SomeSeries.Alerts(values).FirstOrDefault(a => a >= Begin, -1), Begin, Begin + (Day / 2));
    }

    // The promise is one alert in 30 days: 24 are promised for twelve series of 60 days. No kind of series may have more than half as many again.
    [Theory]
    [InlineData(nameof(SomeSeries.Daily))]
    [InlineData(nameof(SomeSeries.Skewed))]
    [InlineData(nameof(SomeSeries.Batches))]
    [InlineData(nameof(SomeSeries.Wandering))]
    [InlineData(nameof(SomeSeries.Busy))]
    public void Where_nothing_is_wrong_the_return_period_is_kept(string kind)
    {
        Func<int, int, double[]> draw = kind switch
        {
            nameof(SomeSeries.Daily) => SomeSeries.Daily,
            nameof(SomeSeries.Skewed) => SomeSeries.Skewed,
            nameof(SomeSeries.Batches) => SomeSeries.Batches,
            nameof(SomeSeries.Wandering) => SomeSeries.Wandering,
            _ => SomeSeries.Busy,
        };
        var alerts = Enumerable.Range(100, 12).Sum(seed => SomeSeries.Alerts(draw(seed, 67)).Count(a => a >= 7 * Day));
        Assert.True(alerts <= 36, $"{alerts} alerts");
    }

    // Pure noise at one alert in 30 days, in rows of ten minutes: young series may have twice what is promised, older ones a fifth more.
    [Fact]
    public void Noise_keeps_the_return_period_also_while_a_series_is_young()
    {
        const int Series = 20;
        const int Young = 1200;
        const int Rows = 9600;
        Func<Random, double>[] noises = [Normal, r => Math.Exp(0.5 * Normal(r)), r => -Math.Log((1 - r.NextDouble()) * (1 - r.NextDouble())), Normal];
        var (young, old) = (0, 0);
        for (var kind = 0; kind < 2 * noises.Length; kind++)
        {
            for (var seed = 0; seed < Series; seed++)
            {
                var (random, scorer, last) = (new Random((1000 * kind) + seed), new GaugeScorer(SomeSeries.ThresholdDays), 0.0);
                for (var i = 0; i < Rows; i++)
                {
                    // The last noise remembers, and every other kind has a daily rhythm.
                    last = ((kind / 2) == noises.Length - 1 ? 0.8 * last : 0) + noises[kind / 2](random);
                    var value = 50 + (10 * last) + (kind % 2 == 0 ? 0 : 20 * Math.Sin(i * Math.PI / 72));
                    var isAlert = scorer.Push(Some.Monday.AddMinutes(10 * i), value).IsAlert;
                    (young, old) = (young + (isAlert && i < Young ? 1 : 0), old + (isAlert && i >= Young ? 1 : 0));
                }
            }
        }

        const double PromisedPerRow = 2 * 4 * Series * 10 / 1440.0 / SomeSeries.ThresholdDays;
        Assert.True(young <= 2 * Young * PromisedPerRow && old <= 1.2 * (Rows - Young) * PromisedPerRow, $"{young} and {old} alerts");

        static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Theory]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(600)]
    public void What_is_far_out_is_an_alert_also_in_a_young_series(int row)
    {
        var values = SomeSeries.Daily(12, 4);
        values[row] += 1000;
        Assert.Contains(row, SomeSeries.Alerts(values));
    }

    [Fact]
    public void Where_the_interval_is_unknown_neither_the_score_nor_the_return_period_says_anything()
    {
        var scorer = new GaugeScorer(SomeSeries.ThresholdDays);
        var random = new Random(1);
        var said = 0;
        for (var i = 0; i < 3000; i++)
        {
            // Twenty rows at each time: the interval is known after 31 times.
            var score = scorer.Push(Some.Monday.AddMinutes(5 * (i / 20)), random.NextDouble() + (i % 100 == 99 ? i : 0));
            Assert.Equal(score.AnomalyScore > 0, score.ReturnPeriodDays > 0);
            said += score.AnomalyScore > 0 ? 1 : 0;
        }

        Assert.True(said > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_650)]
    [InlineData(2_500_000)]
    public void A_row_of_another_time_silences_nothing_and_is_no_alert_of_its_own(int daysAhead)
    {
        var alerts = 0;
        foreach (var days in (int[])[daysAhead, -Math.Min(daysAhead, 10_000)])
        {
            for (var seed = 200; seed < 210; seed++)
            {
                var (scorer, values) = (new GaugeScorer(SomeSeries.ThresholdDays), SomeSeries.Daily(seed, 14));
                values[Begin + 10] += 150;
                for (var i = 0; i < values.Length; i++)
                {
                    if (i == Begin)
                    {
                        alerts += scorer.Push(SomeSeries.Time(i).AddDays(days), values[i]).IsAlert ? 1 : 0;
                    }

                    var isAlert = scorer.Push(SomeSeries.Time(i), values[i]).IsAlert;
                    alerts += isAlert && i is >= Begin and < Begin + 10 ? 1 : 0;
                    Assert.True(isAlert || i != Begin + 10, $"seed {seed}");
                }
            }
        }

        Assert.InRange(alerts, 0, 1);
    }

    [Fact]
    public void What_comes_later_changes_no_score()
    {
        var values = SomeSeries.Skewed(6, 6);
        Assert.Equal(SomeSeries.Score(values[..1000]), SomeSeries.Score(values)[..1000]);
    }

    [Fact]
    public void Unit_and_offset_of_the_series_do_not_matter()
    {
        var values = SomeSeries.Daily(7, 14);
        values[Begin] += 100;
        var scores = SomeSeries.Score(values);
        var others = SomeSeries.Score([.. values.Select(v => (1000 * v) + 5e4)]);
        Assert.All(scores.Zip(others), pair => Assert.Equal(pair.First.AnomalyScore, pair.Second.AnomalyScore, 1e-3));
    }

    [Fact]
    public void The_score_grows_with_the_return_period_and_lies_between_0_and_1()
    {
        var values = SomeSeries.Daily(8, 14);
        values[Begin] += 60;
        values[Begin + (Day / 2)] += 300;
        var scores = SomeSeries.Score(values);
        Assert.All(scores, s => Assert.InRange(s.AnomalyScore, 0, 1));
        var ordered = scores.Where(s => s.ReturnPeriodDays > 0).OrderBy(s => s.ReturnPeriodDays).ToArray();
        Assert.NotEmpty(ordered);
        Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.AnomalyScore <= pair.Second.AnomalyScore));
        Assert.All(scores, s => Assert.Equal(s.ReturnPeriodDays >= SomeSeries.ThresholdDays, s.IsAlert));
    }

    [Fact]
    public void The_expected_band_holds_what_is_usual()
    {
        var values = SomeSeries.Daily(9, 30);
        var scores = SomeSeries.Score(values);
        var outside = Enumerable.Range(15 * Day, 15 * Day).Count(i => values[i] < scores[i].ExpectedLow || values[i] > scores[i].ExpectedHigh);
        Assert.InRange(outside, 0, 0.01 * 15 * Day);
        Assert.All(scores.Skip(15 * Day), s => Assert.InRange(s.ExpectedHigh - s.ExpectedLow, 1, 120));
    }

    [Fact]
    public void A_constant_series_is_nothing_rare_and_its_first_change_is()
    {
        var values = Enumerable.Repeat(7.5, 3000).ToArray();
        Assert.All(SomeSeries.Score(values), s => Assert.InRange(s.AnomalyScore, 0, 0.3));
        values[2500] = 8;
        Assert.Contains(2500, SomeSeries.Alerts(values));
    }

    [Fact]
    public void Missing_values_are_neither_scored_nor_learned()
    {
        var scorer = new GaugeScorer(SomeSeries.ThresholdDays);
        var other = new GaugeScorer(SomeSeries.ThresholdDays);
        var values = SomeSeries.Daily(10, 6);
        for (var i = 0; i < values.Length; i++)
        {
            if (i % 3 == 0)
            {
                Assert.Equal(0, scorer.Push(SomeSeries.Time(i).AddMinutes(-1), double.NaN).AnomalyScore);
            }

            Assert.Equal(other.Push(SomeSeries.Time(i), values[i]), scorer.Push(SomeSeries.Time(i), values[i]));
        }
    }

    [Fact]
    public void One_impossible_value_does_not_blind_it()
    {
        var values = SomeSeries.Daily(11, 20);
        values[8 * Day] = 1e18;
        values[Begin + (3 * Day)] += 200;
        Assert.Contains(Begin + (3 * Day), SomeSeries.Alerts(values));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_scores_and_bands_are_finite(int seed)
    {
        var random = new Random(seed);
        var scorer = new GaugeScorer(SomeSeries.ThresholdDays);
        var time = Some.Monday;
        for (var i = 0; i < 20_000; i++)
        {
            var value = random.Next(12) switch
            {
                0 => double.NaN,
                1 => double.PositiveInfinity,
                2 => double.NegativeInfinity,
                3 => -1e18,
                4 => 1e18,
                5 => double.MaxValue,
                6 => double.Epsilon,
                7 => 0,
                _ => random.NextDouble() * 100,
            };
            time = random.Next(50) switch
            {
                0 => time.AddDays(-random.Next(400)),
                1 => time.AddDays(random.Next(400)),
                2 => time,
                3 => random.Next(20) == 0 ? DateTimeOffset.MinValue.AddDays(random.Next(400)) : time,
                4 => random.Next(20) == 0 ? DateTimeOffset.MaxValue.AddDays(-random.Next(400)) : time,
                _ => Bounded(time, TimeSpan.FromMinutes(5)),
            };
            time = time < Some.Monday ? Some.Monday : time > Some.Monday.AddYears(50) ? Some.Monday : time;
            var score = scorer.Push(time, value);
            Assert.True(score.AnomalyScore is >= 0 and <= 1, $"seed {seed}, row {i}: {score}");
            Assert.True(double.IsFinite(score.ReturnPeriodDays) && score.ReturnPeriodDays >= 0, $"seed {seed}, row {i}: {score}");
            Assert.True(double.IsFinite(score.ExpectedLow) && double.IsFinite(score.ExpectedHigh), $"seed {seed}, row {i}: {score}");
            Assert.True(score.ExpectedLow <= score.ExpectedHigh, $"seed {seed}, row {i}: {score}");
        }
    }

    [Fact]
    public void A_zero_year_and_gaps_of_months_are_survived()
    {
        var scorer = new GaugeScorer(SomeSeries.ThresholdDays);
        for (var i = 0; i < 105_120; i++)
        {
            Assert.InRange(scorer.Push(SomeSeries.Time(i), 0).AnomalyScore, 0, 0.4);
        }

        var late = scorer.Push(SomeSeries.Time(105_120).AddDays(200), 5);
        Assert.True(late.IsAlert);
        Assert.True(double.IsFinite(late.ReturnPeriodDays));
    }

    private static DateTimeOffset Bounded(DateTimeOffset time, TimeSpan step) => time > DateTimeOffset.MaxValue - step ? time : time + step;
}
