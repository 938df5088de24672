using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>Loops and writes that spread, in a fleet before the real engine.</summary>
public sealed class RepetitionTests
{
    private const int Agents = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private readonly DetectionEngine _engine = Some.DetectionEngine(detectors: [new Repetition(new RepetitionOptions(), Some.Names)]);
    private readonly DetectionOutput _output = new();
    private readonly List<Anomaly> _anomalies = [];
    private readonly Random _random = new(7);
    private DateTimeOffset _now = Some.Monday;
    private int _ids;
    private string _version = "v1";

    [Theory]
    [InlineData(ToolAction.Read, 0.4)]
    [InlineData(ToolAction.Read, 1.9)]
    [InlineData(ToolAction.Write, 0.4)]
    [InlineData(ToolAction.Write, 30)]
    public void The_same_call_again_and_again_is_told_by_its_third_repeat(ToolAction action, double seconds)
    {
        Work(days: 14);
        Assert.Empty(_anomalies);
        Run(4, () => Call("agent-1", $"crm.{action}", action, "crm:7", "loop"), TimeSpan.FromSeconds(seconds));
        Assert.Equal("repetition", Assert.Single(_anomalies).Evidence.Detector);
        Assert.Contains("in a row would not have been told", _anomalies[0].Evidence.Counterfactual, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_that_is_slowly_repeated_takes_more_than_three_repeats()
    {
        Work(days: 14);
        Run(4, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", "loop"), TimeSpan.FromSeconds(30));
        Assert.Empty(_anomalies);
        Run(200, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", "loop"), TimeSpan.FromSeconds(30));
        Assert.NotEmpty(_anomalies);
    }

    [Fact]
    public void A_write_that_spreads_at_machine_speed_is_told_by_its_third_call_and_one_that_can_be_read_is_not()
    {
        Work(days: 14);
        Run(20, i => Call("agent-2", "crm.Write", ToolAction.Write, $"crm:{i}", "batch"), TimeSpan.FromSeconds(1));
        Assert.Empty(_anomalies);
        Run(3, i => Call("agent-1", "crm.Write", ToolAction.Write, $"crm:{i}", "spread"), TimeSpan.FromMilliseconds(90));
        Assert.Equal("rapid_spread", Assert.Single(_anomalies).Evidence.Feature);
    }

    [Fact]
    public void Two_writes_that_were_close_by_chance_do_not_hide_the_third_of_a_spread()
    {
        Work(days: 14, closePair: "agent-1");
        Assert.Empty(_anomalies);
        Run(3, i => Call("agent-1", "crm.Write", ToolAction.Write, $"crm:{i}", "spread"), TimeSpan.FromMilliseconds(90));
        Assert.Equal("rapid_spread", Assert.Single(_anomalies).Evidence.Feature);
    }

    [Theory]
    [InlineData(12, "crm:page-", true)]
    [InlineData(12, "crm:table-", false)]
    [InlineData(int.MaxValue, "crm:page-", false)]
    public void A_spread_of_an_agent_that_writes_all_day_is_told_by_its_third_call_when_it_never_changed_those(int tables, string prefix, bool isTold)
    {
        Work(days: 14, busy: "agent-1", tables: tables);
        Assert.Empty(_anomalies);
        Run(3, i => Call("agent-1", "crm.Write", ToolAction.Write, $"{prefix}{i}", "spread"), TimeSpan.FromMilliseconds(90));
        Assert.Equal(isTold, _anomalies.Count > 0);
        Assert.All(_anomalies, anomaly => Assert.EndsWith("at least one of them it had not changed lately", anomaly.Evidence.Explanation, StringComparison.Ordinal));
    }

    [Fact]
    public void An_agent_that_often_writes_again_at_once_may_begin_to_do_so_faster()
    {
        Work(days: 14, batches: "agent-1", closePair: "agent-1");
        _anomalies.Clear();
        Run(3, i => Call("agent-1", "crm.Write", ToolAction.Write, $"crm:{i}", "spread"), TimeSpan.FromMilliseconds(90));
        Assert.Empty(_anomalies);
    }

    [Fact]
    public void An_agent_that_always_polls_is_not_told_and_the_loop_of_another_one_is()
    {
        Work(days: 14, polls: "agent-3");
        _anomalies.Clear();
        Run(5, () => Call("agent-3", "crm.Read", ToolAction.Read, "crm:7", "poll"), TimeSpan.FromSeconds(1));
        Assert.Empty(_anomalies);
        Run(5, () => Call("agent-1", "crm.Write", ToolAction.Write, "crm:7", "loop"), TimeSpan.FromSeconds(1));
        Assert.NotEmpty(_anomalies);
    }

    [Fact]
    public void What_failed_may_be_tried_again_where_that_is_usual()
    {
        Work(days: 14, retries: true);
        Assert.Empty(_anomalies);
        Run(4, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", "retry", CallStatus.Error), TimeSpan.FromSeconds(1));
        Assert.Empty(_anomalies);
    }

    [Fact]
    public void A_loop_that_begins_after_a_failed_call_is_told_by_its_third_repeat()
    {
        Work(days: 14, failures: true);
        Assert.Empty(_anomalies);
        Run(4, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", "loop", CallStatus.Error), TimeSpan.FromSeconds(1));
        Assert.Equal("rapid_repeats", Assert.Single(_anomalies).Evidence.Feature);
    }

    [Fact]
    public void The_loop_of_a_busy_writer_is_told_by_its_third_repeat()
    {
        Work(days: 14, writes: "agent-1");
        Assert.Empty(_anomalies);
        Run(4, () => Call("agent-1", "crm.Write", ToolAction.Write, "crm:7", "loop"), TimeSpan.FromSeconds(1));
        Assert.Equal("rapid_repeats", Assert.Single(_anomalies).Evidence.Feature);
    }

    [Fact]
    public void A_loop_that_nobody_was_told_of_does_not_hide_the_next()
    {
        Run(1_000, () => Call("agent-2", "crm.Search", ToolAction.Read, "crm:7", "first"), TimeSpan.FromSeconds(1));
        Assert.Empty(_anomalies);
        Work(days: 14);
        Run(6, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", "loop"), TimeSpan.FromSeconds(1));
        Assert.NotEmpty(_anomalies);
    }

    [Fact]
    public void What_others_do_every_day_does_not_hide_the_loop_of_an_agent_that_never_did()
    {
        for (var day = 0; day < 14; day++)
        {
            Work(days: 1);
            for (var agent = 90; agent < Agents; agent++)
            {
                Run(6, () => Call($"agent-{agent}", "crm.Read", ToolAction.Read, "crm:7", $"p-{day}"), TimeSpan.FromSeconds(1));
                Call($"agent-{agent}", "crm.Write", ToolAction.Write, "crm:8", $"p-{day}");
            }
        }

        _anomalies.Clear();
        Run(4, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", "loop"), TimeSpan.FromSeconds(1));
        Assert.Equal("rapid_repeats", Assert.Single(_anomalies).Evidence.Feature);
    }

    [Theory]
    [InlineData(CallStatus.Ok, 12, 2, 2, 2)]
    [InlineData(CallStatus.Ok, 20, 0.4, 0.6, 0.9)]
    [InlineData(CallStatus.Error, 3, 0.5, 1, 2)]
    public void Who_has_always_repeated_calls_is_not_told(CallStatus status, int most, double first, double second, double third)
    {
        double[] gaps = [first, second, third];
        for (var day = 0; day < 21; day++)
        {
            if (day == 7)
            {
                _anomalies.Clear();
            }

            Work(days: 1);
            for (var session = 0; session < 4; session++)
            {
                for (var (step, steps) = (0, _random.Next(1, most + 1)); step <= steps; step++)
                {
                    Call("agent-3", "crm.Read", ToolAction.Read, "crm:list", $"d-{day}-{session}", step == steps ? CallStatus.Ok : status);
                    _now += TimeSpan.FromSeconds(gaps[step % gaps.Length]);
                }

                Call("agent-3", "crm.Write", ToolAction.Write, "crm:8", $"d-{day}-{session}");
            }
        }

        Assert.Empty(_anomalies);
    }

    [Fact]
    public void Attacks_that_are_repeated_within_a_day_or_two_do_not_become_normal()
    {
        Work(days: 14);
        for (var attack = 0; attack < 40; attack++)
        {
            _anomalies.Clear();
            Run(4, () => Call("agent-1", "crm.Write", ToolAction.Write, "crm:7", $"loop-{attack}"), TimeSpan.FromSeconds(0.5));
            Assert.NotEmpty(_anomalies);
            _now = _now.AddHours(1);
        }
    }

    [Fact]
    public void A_lasting_new_regime_is_accepted()
    {
        Work(days: 14);
        Poll();
        Assert.NotEmpty(_anomalies);
        for (var day = 0; day < 7; day++)
        {
            Poll();
        }

        _anomalies.Clear();
        Poll();
        Assert.Empty(_anomalies);

        void Poll()
        {
            for (var session = 0; session < 8; session++)
            {
                Run(5, () => Call("agent-1", "crm.Read", ToolAction.Read, "crm:7", $"poll-{_now.Day}-{session}"), TimeSpan.FromSeconds(1));
                Call("agent-1", "crm.Write", ToolAction.Write, "crm:8", $"poll-{_now.Day}-{session}");
                _now = _now.AddHours(3);
            }
        }
    }

    [Fact]
    public void Evidence_about_another_version_says_that_it_is_warming_up()
    {
        Work(days: 14);
        _version = "v2";
        Run(4, () => Call("agent-1", "crm.Write", ToolAction.Write, "crm:7", "loop"), TimeSpan.FromSeconds(0.5));
        Assert.Contains("since the agent's version changed", Assert.Single(_anomalies).Evidence.Caveat, StringComparison.Ordinal);
    }

    /// <summary>Sessions of five calls, twelve a day for each agent.</summary>
    private void Work(int days, string? polls = null, bool retries = false, string? closePair = null, string? batches = null, bool failures = false, string? writes = null, string? busy = null, int tables = 1)
    {
        for (var session = 0; session < days * 12; session++)
        {
            for (var call = 0; call < 5; call++)
            {
                for (var agent = 0; agent < Agents; agent++)
                {
                    Ordinary($"agent-{agent}", session, call, retries, failures);
                }

                _now += Pause;
            }

            for (var again = 0; polls is not null && again < 6; again++)
            {
                Call(polls, "crm.Read", ToolAction.Read, "crm:7", $"w-{session}");
                _now += TimeSpan.FromSeconds(1);
            }

            for (var write = 0; writes is not null && write < 15; write++)
            {
                Call(writes, "crm.Write", ToolAction.Write, $"crm:{_random.Next(400)}-{write}", $"w-{session}");
                _now += Pause;
            }

            for (var write = 0; busy is not null && write < 80; write++)
            {
                Call(busy, "crm.Write", ToolAction.Write, $"crm:table-{((session * 80) + write) % tables}", $"w-{session}");
                _now += TimeSpan.FromSeconds(1);
            }

            for (var write = 0; batches is not null && write < 6; write++)
            {
                Call(batches, "crm.Write", ToolAction.Write, $"crm:{_random.Next(400)}", $"w-{session}");
                _now += TimeSpan.FromSeconds(2);
            }

            if (closePair is not null && session == 40)
            {
                Run(2, i => Call(closePair, "crm.Write", ToolAction.Write, $"crm:{i}", $"pair-{session}"), TimeSpan.FromMilliseconds(90));
            }

            _now = _now.AddMinutes(118);
        }
    }

    private void Ordinary(string agent, int session, int number, bool retries, bool failures)
    {
        var action = number % 2 == 0 ? ToolAction.Read : ToolAction.Write;
        var (resource, hasFailed) = ($"crm:{_random.Next(400)}", retries && _random.Next(8) == 0);
        if (failures && _random.Next(50) == 0)
        {
            Call(agent, $"crm.{action}", action, $"{resource}-{number}", $"w-{session}", CallStatus.Error);
            return;
        }

        for (var times = hasFailed ? _random.Next(1, 5) : 1; times > 0; times--)
        {
            Call(agent, $"crm.{action}", action, resource, $"w-{session}", hasFailed && times > 1 ? CallStatus.Error : CallStatus.Ok);
        }
    }

    private void Run(int times, Action call, TimeSpan gap) => Run(times, _ => call(), gap);

    private void Run(int times, Action<int> call, TimeSpan gap)
    {
        for (var i = 0; i < times; i++)
        {
            call(i);
            _now += gap;
        }
    }

    private void Call(string agent, string tool, ToolAction action, string resource, string session, CallStatus status = CallStatus.Ok)
    {
        _output.Clear();
        var call = Some.ToolCall(_now, (++_ids).ToString(CultureInfo.InvariantCulture), agent, tool, [resource], status, session: session, action: action, version: _version);
        Assert.Equal(CallVerdict.Accepted, _engine.Process(call, _now, _output));
        Assert.Empty(_output.Failures);
        _anomalies.AddRange(_output.Anomalies);
    }
}
