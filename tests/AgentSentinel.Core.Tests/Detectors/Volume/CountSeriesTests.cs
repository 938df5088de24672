using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Series;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class CountSeriesTests
{
    private const int Day = 1440;
    private const int BelievedSteps = 8;

    private static readonly double[] Extremes = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -5, 1e18, 1e300, 0.3, 0];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(60)]
    public void A_burst_of_ten_times_the_usual_is_an_alert_and_told_three_times_at_most(double minutes)
    {
        var life = new Life(new CountSeries(30), minutes, 101);
        Assert.InRange(life.Pass(20 * Day, 2), 0, 2);
        Assert.InRange(life.Pass(Math.Max(6, (int)minutes * 6), 20), 1, 3);
        Assert.InRange(life.Pass(Day, 2), 0, 1);
    }

    [Fact]
    public void What_goes_on_from_an_alert_keeps_a_high_score_and_is_no_further_alert()
    {
        var life = new Life(new CountSeries(30), 5, 104);
        life.Pass(20 * Day, 2);
        var usual = life.Last;
        Assert.InRange(life.Pass(60, 20), 1, 3);
        Assert.False(life.Last.IsAlert);
        Assert.InRange(life.Last.ReturnPeriodDays, 20, 29.999);
        Assert.True(life.Last.AnomalyScore > usual.AnomalyScore + 0.2);
    }

    [Fact]
    public void What_an_open_minute_tells_is_not_told_again_when_it_closes()
    {
        var series = new CountSeries(30);
        var life = new Life(series, 1, 106);
        life.Pass(20 * Day, 2);
        Assert.False(series.Open(life.Time, 3).IsAlert);
        Assert.True(series.Open(life.Time, 30).IsAlert);
        Assert.False(series.Open(life.Time, 31).IsAlert);
        Assert.False(series.Push(life.Time, 31).IsAlert);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public void Rows_that_are_missing_for_days_from_a_series_that_has_them_all_are_no_silence(double minutes)
    {
        var alerts = Enumerable.Range(0, 8).Sum(seed =>
        {
            var life = new Life(new CountSeries(30), minutes, 300 + seed);
            life.Pass(20 * Day, 3);
            life.Miss(6 * Day);
            return life.Pass(5 * Day, 3);
        });
        Assert.InRange(alerts, 0, 2);
    }

    [Fact]
    public void One_absurd_row_at_the_beginning_blinds_nobody()
    {
        var series = new CountSeries(30);
        series.Push(Some.Monday.AddMinutes(-5), 1e12);
        var life = new Life(series, 5, 105);
        life.Pass(20 * Day, 2);
        Assert.InRange(life.Pass(30, 20), 1, 3);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Half_more_for_six_hours_is_found(double minutes)
    {
        var found = Enumerable.Range(0, 10).Count(seed =>
        {
            var life = new Life(new CountSeries(30), minutes, seed);
            life.Pass(20 * Day, 4);
            return life.Pass(360, 6) > 0;
        });
        Assert.InRange(found, 8, 10);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_lasting_new_level_is_told_three_times_at_most_and_then_usual(double minutes)
    {
        var life = new Life(new CountSeries(30), minutes, 102);
        life.Pass(20 * Day, 2);
        Assert.InRange(life.Pass(7 * Day, 6), 1, 3);
        Assert.InRange(life.Pass(7 * Day, 6), 0, 1);
        Assert.True(life.Last.ExpectedHigh > 8 * minutes);
    }

    [Fact]
    public void The_same_attack_a_day_later_is_told_again()
    {
        var life = new Life(new CountSeries(30), 1, 103);
        life.Pass(20 * Day, 2);
        for (var night = 0; night < 4; night++)
        {
            Assert.True(life.Pass(10, 30) > 0, $"night {night}");
            life.Pass(Day, 2);
        }
    }

    [Fact]
    public void A_quiet_life_keeps_the_promise()
    {
        // Sixteen lives of thirty days at one alert a month.
        var alerts = Enumerable.Range(0, 16).Sum(seed =>
        {
            var life = new Life(new CountSeries(30), 5, 200 + seed);
            life.Pass(14 * Day, 0.05 * Math.Pow(2, seed % 8));
            return life.Pass(30 * Day, 0.05 * Math.Pow(2, seed % 8));
        });
        Assert.InRange(alerts, 0, 20);
    }

    [Fact]
    public void A_gap_after_the_first_row_is_not_taken_for_the_interval()
    {
        var series = new CountSeries(30);
        series.Push(Some.Monday.AddDays(-3), 2);
        var life = new Life(series, 1, 107);
        Assert.InRange(life.Pass(20 * Day, 2), 0, 2);
        Assert.InRange(life.Pass(6, 20), 1, 3);
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(1, 30)]
    [InlineData(1, 3_650)]
    [InlineData(1, 2_547_000)]
    [InlineData(5, 3_650)]
    [InlineData(60, 3_650)]
    [InlineData(0.5, 3_650)]
    public void One_row_of_the_future_silences_no_other(double minutes, double daysAhead)
    {
        var series = new CountSeries(30);
        var life = new Life(series, minutes, 112);
        life.Pass(20 * Day, 2);
        var usual = life.Last;
        Assert.False(series.Push(life.Time.AddDays(daysAhead), 2 * minutes).IsPassedOver);
        Assert.InRange(life.Pass(Day, 2), 0, 1);
        Assert.Equal((0, 1L), (life.PassedOver, life.TakenBack));
        Assert.InRange(life.Last.ExpectedHigh, 0.5 * usual.ExpectedHigh, 2 * usual.ExpectedHigh);
        Assert.InRange(life.Pass(Math.Max(6, (int)minutes * 6), 20), 1, 3);
    }

    [Fact]
    public void Some_rows_of_the_future_cost_no_more_rows_than_they_are_whatever_their_times()
    {
        for (var rows = 1; rows <= 200; rows += rows < 10 ? 1 : 38)
        {
            var (series, random) = (new CountSeries(30), new Random(113));
            var life = new Life(series, 5, 113);
            life.Pass(20 * Day, 2);
            for (var i = 0; i < rows; i++)
            {
                // A clock that stands wrong and goes on, or one that says anything.
                series.Push(rows < BelievedSteps ? life.Time.AddDays(random.Next(1, 100_000)) : life.Time.AddYears(1000).AddMinutes(5 * i), 10);
            }

            life.Pass(2 * Day, 2);
            Assert.InRange(life.PassedOver, 0, rows);
            Assert.InRange(life.Pass(30, 20), 1, 3);
        }
    }

    [Fact]
    public void A_first_row_of_the_future_is_taken_back()
    {
        var series = new CountSeries(30);
        series.Push(Some.Monday.AddYears(6000), 2);
        var life = new Life(series, 1, 114);
        Assert.InRange(life.Pass(20 * Day, 2), 0, 2);
        Assert.Equal((0, 1L), (life.PassedOver, life.TakenBack));
        Assert.InRange(life.Pass(6, 20), 1, 3);
    }

    [Fact]
    public void Late_rows_are_passed_over_and_counted_and_nothing_is_forgotten_for_them()
    {
        var series = new CountSeries(30);
        var life = new Life(series, 5, 115);
        life.Pass(20 * Day, 2);
        life.Miss(90 * Day);
        life.Pass(2 * Day, 2);
        var begin = life.Time;

        // An hour twice, as when a clock is set back; rows out of the gap; rows from before all others.
        var passedOver = Enumerable.Range(0, 12).Count(i => series.Push(begin.AddMinutes((5 * i) - 65), 2) is { IsPassedOver: true, TakenBack: 0 })
            + Enumerable.Range(0, 100).Count(i => series.Push(begin.AddDays(-30).AddMinutes(5 * i), 2) is { IsPassedOver: true, TakenBack: 0 })
            + Enumerable.Range(0, 100).Count(i => series.Push(DateTimeOffset.UnixEpoch.AddMinutes(5 * i), 2) is { IsPassedOver: true, TakenBack: 0 });
        Assert.Equal(212, passedOver);
        Assert.False(series.Push(begin.AddMinutes(-5), double.NaN).IsPassedOver);
        Assert.InRange(life.Pass(2 * Day, 2), 0, 1);
        Assert.Equal((0, 0L), (life.PassedOver, life.TakenBack));
        Assert.InRange(life.Pass(30, 20), 1, 3);
    }

    [Fact]
    public void Where_rows_come_at_any_time_a_wrong_one_costs_some_others_at_most()
    {
        const int Bad = 40;
        Assert.InRange(PassedOver(Bad) - PassedOver(0), 0, Bad * BelievedSteps);

        static int PassedOver(int bad)
        {
            var (series, random, time, passedOver) = (new CountSeries(30), new Random(116), Some.Monday, 0);
            for (var i = 0; i < 4000; i++)
            {
                time = time.AddMinutes(random.Next(10) == 0 ? random.Next(600) : random.Next(10, 20));
                if (i % 100 == 99 && i / 100 < bad)
                {
                    series.Push(time.AddYears(20), 1);
                }

                passedOver += series.Push(time, 1).IsPassedOver ? 1 : 0;
            }

            return passedOver;
        }
    }

    [Fact]
    public void Rows_that_come_closer_together_than_before_are_scored()
    {
        var series = new CountSeries(30);
        new Life(series, 60, 108).Pass(20 * Day, 2);
        var life = new Life(series, 1, 109);
        life.Miss(20 * Day);
        Assert.InRange(life.Pass(20 * Day, 2), 0, 3);
        Assert.InRange(life.Pass(6, 20), 1, 3);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 0)]
    [InlineData(30, 0)]
    [InlineData(40, 0)]
    [InlineData(45, 0)]
    [InlineData(60, 0)]
    [InlineData(60, 25)]
    [InlineData(75, 0)]
    [InlineData(90, 0)]
    [InlineData(150, 0)]
    [InlineData(300, 100)]
    public void No_row_is_passed_over_whatever_the_interval_and_however_it_shakes(int seconds, int shake)
    {
        for (var at = 0; at < 4; at++)
        {
            var series = new CountSeries(30);
            var random = new Random(110 + at);
            var rows = 8 * 86_400 / seconds;
            for (var i = 0; i < rows; i++)
            {
                series.Push(Time(i), random.Next(3));
            }

            for (var i = rows; i < rows + at; i++)
            {
                Assert.False(series.Push(Time(i), 1).IsAlert);
            }

            // By the end of the five minutes that it is in.
            var told = Enumerable.Range(rows + at, 2 + (300 / seconds)).Any(i => series.Push(Time(i), i == rows + at ? 10_000 : 1).IsAlert);
            Assert.True(told, $"row {at} of ten thousand is told");

            DateTimeOffset Time(int row) => Some.Monday.AddSeconds((row * (double)seconds) + ((random.NextDouble() - 0.5) * 2 * shake));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(900)]
    public void The_expected_range_is_that_of_a_row(int seconds)
    {
        var (series, random) = (new CountSeries(30), new Random(111));
        var rows = 8 * 86_400 / seconds;
        var (within, low, high) = (0, 0.0, 0.0);
        for (var i = 0; i < 2 * rows; i++)
        {
            // A mean of 3 a row.
            var value = Enumerable.Range(0, 12).Sum(_ => random.Next(4) == 0 ? 1 : 0);
            var score = series.Push(Some.Monday.AddSeconds((double)seconds * i), value);
            Check(score);
            if (i >= rows)
            {
                within += value >= score.ExpectedLow && value <= score.ExpectedHigh ? 1 : 0;
                (low, high) = (low + (score.ExpectedLow / rows), high + (score.ExpectedHigh / rows));
            }
        }

        Assert.InRange(within, 0.95 * rows, rows);
        Assert.InRange(low, 0, 3);
        Assert.InRange(high, 5, 15);
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(90, 0)]
    [InlineData(150, 0)]
    [InlineData(60, 25)]
    [InlineData(300, 100)]
    public void A_quiet_life_keeps_the_promise_whatever_the_interval(int seconds, int shake)
    {
        // Eight lives of thirty days at one alert a month.
        var alerts = 0;
        for (var seed = 0; seed < 8; seed++)
        {
            var (series, random) = (new CountSeries(30), new Random(400 + seed));
            for (var t = 0; t < 44 * 86_400; t += seconds)
            {
                var value = 0;
                for (var sum = -Math.Log(1 - random.NextDouble()); sum < (1 + seed) * seconds / 60.0; sum -= Math.Log(1 - random.NextDouble()))
                {
                    value++;
                }

                alerts += series.Push(Some.Monday.AddSeconds(t + ((random.NextDouble() - 0.5) * 2 * shake)), value).IsAlert && t > 14 * 86_400 ? 1 : 0;
            }
        }

        Assert.InRange(alerts, 0, 14);
    }

    [Fact]
    public void A_row_of_a_time_that_was_counted_is_not_counted_again()
    {
        var series = new CountSeries(30);
        for (var i = 0; i < 20 * Day / 5; i++)
        {
            series.Push(Some.Monday.AddMinutes(5 * i), i % 3);
            Assert.Equal(0, series.Push(Some.Monday.AddMinutes(5 * i), 10_000).AnomalyScore);
        }
    }

    [Fact]
    public void Whatever_comes_the_scores_are_finite_and_within_their_range()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var series = new CountSeries(30);
            var time = Some.Monday;
            for (var i = 0; i < 3000; i++)
            {
                time = random.Next(100) switch
                {
                    0 => time.AddDays(random.Next(400)),
                    1 => time.AddMinutes(-random.Next(5000)),
                    2 => time.AddSeconds(random.Next(100)),
                    _ => time.AddMinutes(seed % 3 == 0 ? 5 : 1),
                };
                Check(series.Push(time, random.Next(10) == 0 ? Extremes[random.Next(Extremes.Length)] : random.Next(6)));
            }
        }
    }

    [Fact]
    public void A_year_of_nothing_is_survived_and_what_comes_then_is_an_alert()
    {
        var series = new CountSeries(30);
        for (var hour = 0; hour < 365 * 24; hour++)
        {
            Check(series.Push(Some.Monday.AddHours(hour), 0));
        }

        var score = series.Push(Some.Monday.AddDays(365), 50);
        Check(score);
        Assert.True(score.IsAlert);
    }

    [Fact]
    public void A_schedule_is_learned_and_work_outside_of_it_is_an_alert()
    {
        var series = new CountSeries(30);
        var alerts = 0;
        for (var t = 0; t < 28 * Day; t++)
        {
            // A batch of forty at five past each hour.
            alerts += series.Push(Some.Monday.AddMinutes(t), t % 60 == 5 ? 40 : 0).IsAlert && t > 14 * Day ? 1 : 0;
        }

        Assert.InRange(alerts, 0, 1);
        Assert.True(series.Push(Some.Monday.AddDays(28), 0) is { IsAlert: false });
        for (var t = 1; t < 35; t++)
        {
            alerts += series.Push(Some.Monday.AddDays(28).AddMinutes(t), t is 5 or 30 or 31 or 32 ? 40 : 0).IsAlert ? 10 : 0;
        }

        Assert.InRange(alerts, 10, 31);
    }

    [Fact]
    public void Rows_within_a_minute_are_scored_before_it_is_over()
    {
        var series = new CountSeries(30);
        var random = new Random(104);
        for (var t = 0; t < 16 * Day * 6; t++)
        {
            series.Push(Some.Monday.AddSeconds(10 * t), random.Next(10) == 0 ? 1 : 0);
        }

        var begin = Some.Monday.AddDays(16);
        var at = Enumerable.Range(0, 6).First(i => series.Push(begin.AddSeconds(10 * i), 12).IsAlert);
        Assert.InRange(at, 0, 3);
    }

    [Fact]
    public void The_largest_numbers_within_a_minute_are_survived()
    {
        var series = new CountSeries(30);
        for (var t = 0; t < 3 * Day * 6; t++)
        {
            series.Push(Some.Monday.AddSeconds(10 * t), 1);
        }

        var score = series.Push(Some.Monday.AddDays(3), 1e18);
        Check(score);
        Assert.True(score.IsAlert);
        Check(series.Push(Some.Monday.AddDays(3).AddSeconds(10), double.PositiveInfinity));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_return_period_must_be_over_nothing(double days) => Assert.Throws<ArgumentOutOfRangeException>(() => new CountSeries(days));

    private static void Check(SeriesScore score)
    {
        Assert.InRange(score.AnomalyScore, 0, 1);
        Assert.True(double.IsFinite(score.ReturnPeriodDays) && score.ReturnPeriodDays >= 0);
        Assert.True(double.IsFinite(score.ExpectedLow) && double.IsFinite(score.ExpectedHigh) && score.ExpectedLow <= score.ExpectedHigh);
    }

    /// <summary>Poisson counts of a rate a minute that the test sets.</summary>
    private sealed class Life(CountSeries series, double minutes, int seed)
    {
        private readonly Random _random = new(seed);

        /// <summary>When the next row is.</summary>
        public DateTimeOffset Time { get; private set; } = Some.Monday;

        public SeriesScore Last { get; private set; }

        public int PassedOver { get; private set; }

        public long TakenBack { get; private set; }

        public void Miss(int span) => Time = Time.AddMinutes(span);

        public int Pass(int span, double perMinute)
        {
            var alerts = 0;
            for (var end = Time.AddMinutes(span); Time < end; Time = Time.AddMinutes(minutes))
            {
                var count = 0;
                for (var sum = -Math.Log(1 - _random.NextDouble()); sum < perMinute * minutes; sum -= Math.Log(1 - _random.NextDouble()))
                {
                    count++;
                }

                Last = series.Push(Time, count);
                alerts += Last.IsAlert ? 1 : 0;
                PassedOver += Last.IsPassedOver ? 1 : 0;
                TakenBack += Last.TakenBack;
            }

            return alerts;
        }
    }
}
