using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests.Detection;

namespace AgentSentinel.Core.Tests;

public sealed class DetectionEngineTests
{
    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);

    private readonly DetectionOutput _output = new();

    [Fact]
    public void A_repeat_is_dropped()
    {
        var engine = Some.DetectionEngine();
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now, "c1"));
        Assert.Equal(CallVerdict.Duplicate, Process(engine, Now, "c1"));
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now.AddSeconds(61), "c2"));

        // Also when the producer stamps its retry with another minute.
        Assert.Equal(CallVerdict.Duplicate, Process(engine, Now.AddSeconds(61), "c1"));
        Assert.Equal((2, 2), (engine.AcceptedEvents, engine.DuplicateEvents));
        Assert.Equal(2, engine.Find("agent-1")!.Events);
    }

    [Fact]
    public void The_same_id_of_two_agents_is_two_calls()
    {
        var engine = Some.DetectionEngine();
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now, "c1", "one"));
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now, "c1", "two"));
        Assert.Equal(2, engine.AcceptedEvents);
    }

    [Fact]
    public void Nothing_is_allocated_for_the_calls_of_an_agent_that_is_known()
    {
        // Three calls in a minute, a minute in four, for two days; nothing that is new after the first.
        var engine = Some.DetectionEngine();
        var calls = Enumerable.Range(0, 3).Select(i => Some.ToolCall(Now, tool: "crm.read", resources: ["crm/contacts"], session: "s-1", id: $"call-{i}")).ToArray();
        Run(days: 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(days: 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);

        void Run(int days)
        {
            var from = engine.NewestTime > Now ? engine.NewestTime : Now;
            for (var i = 0; i < days * 360 * calls.Length; i++)
            {
                var call = calls[i % calls.Length];
                call.Time = from.AddMinutes(4 * (1 + (i / calls.Length))).AddSeconds(i % calls.Length);
                engine.Process(call, call.Time, _output);
            }
        }
    }

    [Fact]
    public void A_late_call_is_counted_and_not_learned()
    {
        var engine = Some.DetectionEngine();
        Process(engine, Now, "c1");
        var before = Baselines(engine);
        Assert.Equal(CallVerdict.Late, Process(engine, Now.AddMinutes(-2).AddTicks(-1), "c2"));
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now.AddMinutes(-2), "c3", "other"));
        Assert.Equal(1, engine.LateEvents);
        var profile = engine.Find("agent-1")!;
        Assert.Equal((1, 1), (profile.Events, profile.LateEvents));
        Assert.Equal(before, Baselines(engine));
    }

    [Fact]
    public void A_late_call_is_counted_but_does_not_make_its_agent_known()
    {
        var state = new VolatileState();
        var engine = Some.DetectionEngine(saved: state);
        Process(engine, Now, "c1");
        Process(engine, Now.AddHours(-1), "c2", "straggler");
        Process(engine, Now.AddHours(-1), "c3");
        engine.Save(state);
        var reopened = Some.DetectionEngine(saved: state);
        Assert.Equal(2, reopened.LateEvents);
        Assert.Null(reopened.Find("straggler"));
        Assert.Equal(1, reopened.Find(state.Ids(StateKind.Profile).Single())!.LateEvents);
    }

    [Fact]
    public void Windows_close_by_the_watermark()
    {
        var engine = Some.DetectionEngine();
        Process(engine, Now, "c1", "one");
        Process(engine, Now.AddMinutes(3).AddTicks(-1), "c2", "two");
        Assert.True(engine.Find("one")!.HasOpenWindows);
        Process(engine, Now.AddMinutes(3), "c3", "two");
        Assert.False(engine.Find("one")!.HasOpenWindows);
        Assert.True(engine.Find("two")!.HasOpenWindows);
    }

    [Fact]
    public void Windows_close_when_time_goes_on_without_calls()
    {
        var engine = Some.DetectionEngine();
        Process(engine, Now, "c1");
        engine.Advance(Now.AddMinutes(3).AddTicks(-1), _output);
        Assert.True(engine.Find("agent-1")!.HasOpenWindows);
        engine.Advance(Now.AddMinutes(3), _output);
        Assert.False(engine.Find("agent-1")!.HasOpenWindows);
        Assert.Equal(Now.AddMinutes(1), engine.Watermark);
        Assert.Equal(Now.AddMinutes(3), engine.NewestTime);
    }

    [Fact]
    public void A_producer_with_a_fast_clock_makes_nobody_late()
    {
        var engine = Some.DetectionEngine();
        Assert.Equal(CallVerdict.Accepted, engine.Process(Some.ToolCall(Now.AddMinutes(5), "c1", "fast"), Now, _output));
        Assert.Equal(CallVerdict.Accepted, engine.Process(Some.ToolCall(Now.AddSeconds(-100), "c2", "slow"), Now, _output));
        Assert.Equal(0, engine.LateEvents);
    }

    [Fact]
    public void A_detector_that_throws_is_muted_for_that_agent_for_a_day_and_reported_once()
    {
        var engine = Some.DetectionEngine(detectors: [new ThrowingDetector("bad"), new LoudDetector()]);
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now, "c1", tool: "bad"));
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now.AddHours(1), "c2", tool: "bad"));
        var failure = Assert.Single(_output.Failures);
        Assert.Equal(("throwing", "agent-1"), (failure.Detector, failure.AgentId));

        // The line went on: the other detector spoke, and other agents are served.
        Assert.Equal(2, _output.Anomalies.Count(anomaly => anomaly.Evidence.Detector == "loud" && anomaly.CallId is not null));
        Process(engine, Now.AddHours(1), "c3", "other", "bad");
        Assert.Equal("other", _output.Failures[^1].AgentId);
        Process(engine, Now.AddDays(1).AddHours(2), "c4", tool: "bad");
        Assert.Equal(3, _output.Failures.Count);
    }

    [Fact]
    public void A_muted_detector_stays_muted_over_a_restart()
    {
        var state = new VolatileState();
        var engine = Some.DetectionEngine(detectors: [new ThrowingDetector("bad")], saved: state);
        Process(engine, Now, "c1", tool: "bad");
        engine.Save(state);
        engine = Some.DetectionEngine(detectors: [new ThrowingDetector("bad")], saved: state);
        Process(engine, Now.AddHours(1), "c2", tool: "bad");
        Assert.Single(_output.Failures);
    }

    [Fact]
    public void There_is_one_anomaly_for_each_agent_detector_and_window()
    {
        var engine = Some.DetectionEngine(detectors: [new LoudDetector("loud"), new LoudDetector("shrill")]);
        for (var i = 0; i < 600; i++)
        {
            Process(engine, Now.AddSeconds(i - (i % 7 * 10)), i.ToString(CultureInfo.InvariantCulture), i % 2 == 0 ? "one/two" : "one%2Ftwo");
        }

        engine.Advance(Now.AddHours(1), _output);
        var windows = _output.Anomalies.Select(anomaly => (anomaly.AgentId, anomaly.Evidence.Detector, anomaly.WindowStart)).ToArray();
        Assert.Equal(windows.Length, windows.Distinct().Count());
        Assert.Equal(windows.Length, _output.Anomalies.Select(anomaly => anomaly.Id).Distinct().Count());
        Assert.InRange(windows.Length, 2 * 2 * 10, 2 * 2 * 12);
        Assert.All(_output.Anomalies, anomaly => Assert.Equal("Always loud.", anomaly.Evidence.Caveat));
    }

    [Fact]
    public void From_the_moment_of_freezing_on_nothing_is_learned()
    {
        var loud = new LoudDetector();
        var engine = Some.DetectionEngine(new DetectionOptions { FreezeAt = Now.AddMinutes(1) }, [loud]);
        Process(engine, Now.AddMinutes(1).AddTicks(-1), "c1");
        Process(engine, Now.AddMinutes(1), "c2");
        Process(engine, Now.AddMinutes(2), "c3");
        Assert.Equal([LearningGate.Suspicious, LearningGate.Frozen, LearningGate.Frozen], loud.Gates);
    }

    [Fact]
    public void The_census_counts_each_agent_of_the_last_day_once()
    {
        var engine = Some.DetectionEngine();
        var censuses = new List<FleetCensus>();
        for (var minute = 0; minute < 3 * 1440; minute += 5)
        {
            // Three agents for ever, seven more in the first two hours.
            var agents = minute < 120 ? 10 : 3;
            for (var agent = 0; agent < agents; agent++)
            {
                _output.Clear();
                Process(engine, Some.Monday.AddMinutes(minute), $"c{minute}", $"agent-{agent}");
                censuses.AddRange(_output.Census is { } census ? [census] : []);
            }
        }

        Assert.Equal(censuses.Count, censuses.Select(census => census.Time).Distinct().Count());
        Assert.All(censuses, census => Assert.Equal(0, census.Time.UtcTicks % TimeSpan.TicksPerHour));
        Assert.All(censuses.Where(census => census.Time > Some.Monday.AddHours(1) && census.Time < Some.Monday.AddHours(24)), census => Assert.Equal(10, census.ActiveAgents));
        Assert.All(censuses.Where(census => census.Time > Some.Monday.AddHours(27)), census => Assert.Equal(3, census.ActiveAgents));
        Assert.InRange(censuses.Count, 68, 73);
    }

    [Fact]
    public void Dropping_profiles_from_memory_changes_nothing()
    {
        var (all, few) = (new VolatileState(), new VolatileState());
        var unlimited = Some.DetectionEngine(saved: all);
        var limited = Some.DetectionEngine(new DetectionOptions { MaxLiveProfiles = 100 }, saved: few);
        var (expected, actual) = (new DetectionOutput(), new DetectionOutput());
        var random = new Random(21);
        var dropped = 0;

        // As the decoder does: a name that repeats is the same string.
        string[] agents = [.. Enumerable.Range(0, 1000).Select(i => $"agent-{i}")];
        for (var i = 0; i < 40_000; i++)
        {
            // A bursty agent among a thousand, over ten days.
            var time = Some.Monday.AddSeconds(i * 22);
            var agent = agents[i % 5000 < 150 ? i / 5000 : random.Next(1000)];
            var call = Some.ToolCall(time.AddSeconds(-random.Next(100)), $"c{i - (random.Next(50) == 0 ? 1 : 0)}", agent, $"tool-{random.Next(3)}", [$"set:{random.Next(random.Next(60) == 0 ? 500 : 2)}"]);
            unlimited.Process(call, time, expected);
            limited.Process(call, time, actual);
            if (i % 500 == 499)
            {
                unlimited.Save(all);
                limited.Save(few);
                dropped = Math.Max(dropped, unlimited.LiveProfiles - limited.LiveProfiles);
            }
        }

        unlimited.Save(all);
        limited.Save(few);
        Assert.InRange(dropped, 800, 1000);
        Assert.NotEmpty(expected.Anomalies);
        Assert.Equal(expected.Anomalies, actual.Anomalies);
        Assert.Equal(Some.Show(all), Some.Show(few));
    }

    [Fact]
    public void A_detector_that_was_not_there_before_starts_afresh_and_one_that_is_gone_is_skipped()
    {
        var state = new VolatileState();
        var engine = Some.DetectionEngine(detectors: [new ThrowingDetector("bad")], saved: state);
        Process(engine, Now, "c1");
        engine.Save(state);
        engine = Some.DetectionEngine(detectors: [new LoudDetector()], saved: state);
        Assert.Equal(CallVerdict.Accepted, Process(engine, Now.AddSeconds(1), "c2"));
        Assert.Equal(2, engine.Find("agent-1")!.Events);
    }

    [Fact]
    public void Memory_of_another_format_is_refused()
    {
        var state = new VolatileState();
        state.Write(new StateKey(StateKind.Engine, ""), [99]);
        Assert.Throws<MemoryFormatException>(() => Some.DetectionEngine(saved: state));
        state = new VolatileState();
        state.Write(new StateKey(StateKind.Profile, "agent-1"), [99]);
        var engine = Some.DetectionEngine(saved: state);
        Assert.Throws<MemoryFormatException>(() => Process(engine, Now, "c1"));
    }

    [Fact]
    public void What_is_saved_is_only_what_changed()
    {
        var state = new VolatileState();
        var engine = Some.DetectionEngine(saved: state);
        Process(engine, Now, "c1", "one");
        Process(engine, Now, "c1", "two");
        Assert.Equal(2, engine.ChangedProfiles);
        engine.Save(state);
        Assert.Equal(0, engine.ChangedProfiles);
        Process(engine, Now.AddSeconds(1), "c2", "two");
        Process(engine, Now.AddSeconds(1), "c1", "one");
        Assert.Equal(1, engine.ChangedProfiles);
        engine.Advance(Now.AddMinutes(10), _output);
        Assert.Equal(2, engine.ChangedProfiles);
    }

    private CallVerdict Process(DetectionEngine engine, DateTimeOffset time, string id, string agent = "agent-1", string tool = "crm.get_contact") =>
        engine.Process(Some.ToolCall(time, id, agent, tool), time, _output);

    private static byte[] Baselines(DetectionEngine engine)
    {
        var writer = new MemoryWriter();
        foreach (var baseline in engine.Find("agent-1")!.Baselines)
        {
            baseline.Save(writer);
        }

        return writer.Written.ToArray();
    }
}
