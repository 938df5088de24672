using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>The mix of tools of one agent that works around the clock, through the real engine.</summary>
public sealed class ToolMixTests
{
    private static readonly double[] Usual = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04];

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Fifty_calls_with_the_proportions_turned_round_are_found_wherever_they_begin(int seed)
    {
        for (var before = 0; before < 24; before += 5)
        {
            var agent = new Agent(seed);
            agent.Live(20);
            agent.Calls(before, Usual);
            agent.Found.Clear();
            agent.Calls(50, [.. Usual.Reverse()]);
            Assert.NotEmpty(agent.Found);
        }
    }

    [Fact]
    public void A_runaway_loop_is_told_and_what_is_usual_stays_usual_after_it()
    {
        var agent = new Agent(4);
        agent.Live(20);
        agent.Found.Clear();
        agent.Calls(900, [0, 0, 0, 0, 1, 0], secondsBetween: 0.7);
        Assert.InRange(agent.Found.Count, 1, 3);
        agent.Found.Clear();
        agent.Live(10, callsPerDay: 60);
        Assert.Empty(agent.Found.Select(a => $"{a.Time}: {a.Evidence.Explanation}"));
    }

    [Fact]
    public void A_new_version_may_call_its_tools_in_other_proportions()
    {
        var agent = new Agent(5) { Version = "1" };
        agent.Live(20);
        agent.Found.Clear();
        agent.Version = "2";
        agent.Live(20, [0.25, 0.4, 0.1, 0.15, 0.06, 0.04]);
        Assert.Empty(agent.Found.Select(a => $"{a.Time}: {a.Evidence.Explanation}"));

        agent.Calls(50, [0, 0, 0, 0, 0.5, 0.5]);
        Assert.NotEmpty(agent.Found);
    }

    [Fact]
    public void Versions_that_take_turns_blind_nobody()
    {
        var agent = new Agent(6) { Version = "1", OtherVersion = "2" };
        agent.Live(20);
        agent.Found.Clear();
        agent.Calls(50, [.. Usual.Reverse()]);
        Assert.NotEmpty(agent.Found);
    }

    [Fact]
    public void A_new_habit_is_told_once_or_twice_and_then_learned()
    {
        var agent = new Agent(7);
        agent.Live(20);
        agent.Found.Clear();
        agent.Live(20, [.. Usual.Reverse()]);
        Assert.InRange(agent.Found.Count, 1, 3);
        agent.Found.Clear();
        agent.Live(10, [.. Usual.Reverse()]);
        Assert.Empty(agent.Found);
        agent.Calls(50, Usual);
        Assert.NotEmpty(agent.Found);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Tools_that_are_called_many_times_in_a_row_are_no_news(int seed)
    {
        // Every call is followed by another of the same tool nine times of ten: blocks of 24 calls have one to three tools.
        var agent = new Agent(seed) { Stickiness = 0.9 };
        agent.Live(14);
        agent.Found.Clear();
        agent.Live(30);
        Assert.InRange(agent.Found.Count, 0, 1);
    }

    [Fact]
    public void Of_twenty_tools_those_called_most_are_told_apart()
    {
        // The first eight tools are given up later; the others come then.
        var agent = new Agent(8);
        agent.Live(10, [.. Enumerable.Repeat(1.0, 8), .. new double[12]]);
        agent.Live(60, [.. new double[8], .. Enumerable.Repeat(1.0, 4), .. new double[8]]);
        agent.Found.Clear();
        agent.Calls(50, [.. new double[10], 1, .. new double[9]]);
        Assert.Equal("tool-10", agent.Found[0].Evidence.Dimension);
    }

    /// <summary>Owned by one test.</summary>
    private sealed class Agent(int seed)
    {
        private readonly DetectionEngine _engine = new(
            new DetectionOptions(), [.. Some.Detectors().Where(detector => detector.Name == "tool-mix")], new VolatileState());

        private readonly DetectionOutput _output = new();
        private readonly Random _random = new(seed);
        private DateTimeOffset _now = Some.Monday;
        private int _tool;
        private int _calls;

        public string? Version { get; set; }

        public string? OtherVersion { get; init; }

        public double Stickiness { get; init; }

        public List<Anomaly> Found { get; } = [];

        public void Live(int days, double[]? mix = null, int callsPerDay = 200)
        {
            for (var end = _now.AddDays(days); _now < end;)
            {
                Calls(1, mix ?? Usual, -86400.0 / callsPerDay * Math.Log(1 - _random.NextDouble()));
            }
        }

        public void Calls(int count, double[] mix, double secondsBetween = 12)
        {
            for (; count > 0; count--)
            {
                _tool = _random.NextDouble() < Stickiness ? _tool : Draw(mix);
                var call = Some.ToolCall(
                    _now,
                    id: (++_calls).ToString(CultureInfo.InvariantCulture),
                    tool: string.Create(CultureInfo.InvariantCulture, $"tool-{_tool}"),
                    version: _calls % 2 == 0 ? OtherVersion ?? Version : Version);
                _output.Clear();
                _engine.Process(call, _now, _output);
                Assert.Empty(_output.Failures);
                Found.AddRange(_output.Anomalies);
                _now = _now.AddSeconds(secondsBetween);
            }
        }

        private int Draw(double[] mix)
        {
            var left = _random.NextDouble() * mix.Sum();
            for (var i = 0; i < mix.Length; i++)
            {
                left -= mix[i];
                if (left < 0)
                {
                    return i;
                }
            }

            return mix.Length - 1;
        }
    }
}
