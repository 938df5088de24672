using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>What the volume family is for, seen through the real engine: an agent that works office hours with ten tools' worth of habits.</summary>
public sealed class VolumeFamilyTests
{
    [Fact]
    public void A_session_like_those_before_is_no_news_of_an_agent_that_has_one_now_and_then()
    {
        var random = new Random(11);
        var found = new List<string>();
        for (var number = 0; number < 20; number++)
        {
            var agent = new Worker(number);
            for (var session = 0; session < 40; session++)
            {
                if (session == 10)
                {
                    agent.Found.Clear();
                }

                agent.To((24 * random.Next(1, 7)) + random.Next(7, 20));
                agent.Calls(random.Next(1, 7), secondsBetween: 15);
            }

            found.AddRange(agent.Found.Where(a => a.Evidence.Detector == "volume").Select(a => a.Evidence.Explanation));
        }

        // Two thousand days.
        Assert.True(found.Count <= 20, $"{found.Count}: {string.Join("; ", found)}");
    }

    [Fact]
    public void A_bulk_read_in_as_many_calls_as_usual_is_found()
    {
        var agent = new Worker(1).Days(20);
        agent.Found.Clear();
        agent.Calls(40, records: 400);
        Assert.Contains(agent.Found, a => a.Evidence.Detector == "records-per-call");
        Assert.Contains(agent.Found, a => a.Evidence.Feature.StartsWith("records", StringComparison.Ordinal) && a.Evidence.Counterfactual is not null);
    }

    [Fact]
    public void A_few_records_where_one_is_usual_are_no_bulk_read()
    {
        var agent = new Worker(8);
        for (var i = 0; i < 2400; i++)
        {
            agent.Calls(1, records: i % 200 == 199 ? 4 : 1, secondsBetween: 1500);
        }

        Assert.Empty(agent.Found.Where(a => a.Evidence.Detector == "records-per-call").Select(a => $"{a.Time}: {a.Evidence.Explanation}"));
        agent.Calls(40, records: 40);
        Assert.Contains(agent.Found, a => a.Evidence.Detector == "records-per-call");
    }

    [Fact]
    public void What_a_single_read_brought_is_told_in_full_although_it_is_weighed_by_its_logarithm()
    {
        var agent = new Worker(1).Days(20);
        agent.To(10);
        agent.Found.Clear();
        agent.Calls(2, records: 200_000);

        // Its records and its tokens are as many; which of them is the more surprising is not the point here.
        var anomaly = agent.Found.Last(a => a.Evidence.Feature is "records_per_1_minute" or "tokens_per_1_minute");
        Assert.True(anomaly.Evidence.Observed >= 100_000, anomaly.Evidence.Explanation);
        Assert.Equal(Math.Round(anomaly.Evidence.Observed), anomaly.Evidence.Observed, 1e-6);
        Assert.Matches("^[1-6][0-9]{2},[0-9]{3} (records|tokens) within a minute", anomaly.Evidence.Explanation);
    }

    [Fact]
    public void Fifty_calls_to_as_many_datasets_are_found()
    {
        var agent = new Worker(2).Days(20);
        agent.Found.Clear();
        agent.Calls(50, dataset: i => $"other:{i}");
        var anomaly = Assert.Single(agent.Found.Where(a => a.Evidence.Detector == "fan-out").Take(1));
        Assert.True(anomaly.Evidence.Observed > anomaly.Evidence.ExpectedHigh);
        Assert.Contains("distinct resources in", anomaly.Evidence.Counterfactual, StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_were_told_of_is_not_told_again_of_the_next_mornings_work()
    {
        var agent = new Worker(2).Days(20);
        agent.To(16);
        agent.Calls(54, dataset: i => $"other:{i}");
        Assert.Contains(agent.Found, a => a.Evidence.Detector == "fan-out");
        agent.Found.Clear();
        agent.To(24 + 9);
        agent.Calls(70);
        Assert.DoesNotContain(agent.Found, a => a.Evidence.Detector == "fan-out");
    }

    [Fact]
    public void Fifty_calls_of_a_tool_that_is_seldom_used_are_found_and_the_tool_is_named()
    {
        var agent = new Worker(3).Days(20);
        agent.Found.Clear();
        agent.Calls(50, tool: "crm.tool-4");
        var anomaly = agent.Found.First(a => a.Evidence.Detector == "tool-mix");
        Assert.Equal("crm.tool-4", anomaly.Evidence.Dimension);
    }

    [Fact]
    public void Work_at_night_is_found_and_a_burst_names_the_dataset_that_explains_it()
    {
        var agent = new Worker(4).Days(20);
        agent.Found.Clear();
        agent.To(3);
        agent.Calls(30, dataset: _ => "crm:7", secondsBetween: 5);
        var anomaly = agent.Found.First(a => a.Evidence.Detector == "volume");
        Assert.NotNull(anomaly.CallId);
        Assert.Contains(agent.Found.Where(a => a.Evidence.Detector == "volume"), a => a.Evidence.Dimension is "crm:7" or null);
        Assert.Contains("would not have fired", anomaly.Evidence.Counterfactual, StringComparison.Ordinal);
        Assert.Null(anomaly.Evidence.Caveat);
    }

    [Fact]
    public void A_young_baseline_is_told()
    {
        var agent = new Worker(5).Days(4);
        agent.Found.Clear();
        agent.To(3);
        agent.Calls(200, secondsBetween: 1);
        Assert.Equal("known for 3 days; baselines settle after 14", agent.Found.First(a => a.Evidence.Detector == "volume").Evidence.Caveat);
    }

    [Fact]
    public void Half_an_hour_of_somewhat_more_is_told_as_half_an_hour()
    {
        var agent = new Worker(9).Days(21);
        agent.To(10);
        agent.Calls(60, secondsBetween: 60);
        agent.Found.Clear();
        agent.Calls(90, secondsBetween: 20);
        var anomaly = agent.Found.First(a => a.Evidence.Feature == "calls_per_30_minutes");
        Assert.InRange(anomaly.Evidence.Observed, 60, 91);
        Assert.Contains("calls within 30 minutes", anomaly.Evidence.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_hour_of_bursting_is_told_a_few_times_only()
    {
        var agent = new Worker(6).Days(20);
        agent.Found.Clear();
        agent.Calls(3600, secondsBetween: 1);
        Assert.InRange(agent.Found.Count(a => a.Evidence.Detector == "volume"), 1, 6);
    }

    [Fact]
    public void A_holiday_counts_as_a_sunday()
    {
        var calendar = new WorkCalendar([(Some.Monday.AddDays(21), Some.Monday.AddDays(22))], []);
        var (free, working) = (new Worker(7, calendar).Days(21), new Worker(7).Days(21));
        foreach (var agent in (Worker[])[free, working])
        {
            agent.Found.Clear();
            agent.To(10);
            agent.Calls(60, secondsBetween: 40);
        }

        Assert.Contains(free.Found, a => a.Evidence.Detector == "volume");
        Assert.Empty(working.Found.Where(a => a.Evidence.Detector == "volume").Select(a => $"{a.Time}: {a.Evidence.Explanation}"));
    }

    [Fact]
    public void What_an_amount_teaches_is_kept_under_its_name()
    {
        var agent = new Worker(8);
        var before = agent.Usual;
        agent.Days(20);
        foreach (var channel in (string[])["calls_per_5_minutes", "records", "errors", "denials"])
        {
            Assert.NotEqual(before[channel], agent.Usual[channel]);
        }
    }

    /// <summary>Sixty calls an hour from eight to six on working days, five tools in unequal shares, nine datasets, some twenty records a call.</summary>
    private sealed class Worker
    {
        private readonly IReadOnlyList<Detector> _detectors;
        private readonly DetectionEngine _engine;
        private readonly DetectionOutput _output = new();
        private readonly Random _random;
        private DateTimeOffset _now = Some.Monday;
        private int _calls;

        public Worker(int seed, WorkCalendar? calendar = null)
        {
            _random = new Random(seed);
            _detectors = StandardDetectors.Create(new DetectorsOptions(), Some.Key, calendar: calendar);
            _engine = new DetectionEngine(new DetectionOptions(), _detectors, new VolatileState());
        }

        /// <summary>What the volume detector takes for usual of its channels.</summary>
        public IReadOnlyDictionary<string, GumbelPrior> Usual => _detectors.Single(detector => detector.Name == "volume").Priors;

        public List<Anomaly> Found { get; } = [];

        public Worker Days(int days)
        {
            for (var day = 0; day < days; day++)
            {
                var begin = _now;
                if (_now.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                {
                    To(8);
                    while (_now < begin.AddHours(18))
                    {
                        Calls(1, secondsBetween: -60 * Math.Log(1 - _random.NextDouble()));
                    }
                }

                _now = begin.AddDays(1);
            }

            return this;
        }

        public void To(int hour) => _now = new DateTimeOffset(_now.Date.AddHours(hour), TimeSpan.Zero);

        public void Calls(int count, double records = 20, Func<int, string>? dataset = null, string? tool = null, double secondsBetween = 15)
        {
            for (var i = 0; i < count; i++)
            {
                var size = records * (0.5 + _random.NextDouble());
                var used = tool ?? $"crm.tool-{(int)(5 * Math.Pow(_random.NextDouble(), 3))}";
                var call = Some.ToolCall(
                    _now, (++_calls).ToString(CultureInfo.InvariantCulture), tool: used, resources: [dataset?.Invoke(i) ?? $"crm:{_random.Next(9)}"], size: Math.Round(size), kind: CallKind.ToolCall);
                _output.Clear();
                _engine.Process(call, _now, _output);
                Assert.Empty(_output.Failures);
                Found.AddRange(_output.Anomalies);
                _now = _now.AddSeconds(secondsBetween);
            }

            _output.Clear();
            _engine.Advance(_now, _output);
            Found.AddRange(_output.Anomalies);
        }
    }
}
