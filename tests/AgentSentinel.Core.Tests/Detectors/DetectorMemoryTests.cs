using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>The part of the detectors' contract that measures memory.</summary>
public sealed class DetectorMemoryTests
{
    private const int MaxSavedBytes = 4096;

    // One agent and all that the detector shares between agents. A million names or ten thousand sessions, if they were kept, would be more.
    private const int MaxHeldBytes = 256 * 1024;

    // Behaviour and the profile itself 4 KB, volume 2.5 KB, latency and cost 0.3 KB.
    private const int MaxLiveBytes = 7168;

    public static TheoryData<string> Names => DetectorContractTests.Names;

    [Theory, MemberData(nameof(Names))]
    public void A_million_distinct_names_take_no_more_memory_than_a_few(string name)
    {
        var subject = new Subject(Some.Detectors().Single(detector => detector.Name == name));
        for (var i = 0; i < 1_000_000; i++)
        {
            var text = i.ToString(CultureInfo.InvariantCulture);
            subject.Observe(Some.ToolCall(Some.Monday.AddSeconds(i), tool: text, resources: [text]), gate: (LearningGate)(i % 3));
        }

        subject.CloseBefore(DateTimeOffset.MaxValue);
        Assert.InRange(subject.Bytes.Length, 1, MaxSavedBytes);
        Assert.InRange(Held.Bytes(subject), 1, MaxHeldBytes);
    }

    [Theory, MemberData(nameof(Names))]
    public void Ten_thousand_open_sessions_take_no_more_memory_than_a_few(string name)
    {
        var subject = new Subject(Some.Detectors().Single(detector => detector.Name == name));
        for (var i = 0; i < 30_000; i++)
        {
            // All of them go on, one call after the other.
            subject.Observe(Some.ToolCall(Some.Monday.AddMilliseconds(i * 100), resources: [$"set:{i % 7}"], session: $"s-{i % 10_000}", action: (ToolAction)(i % 7)));
        }

        subject.CloseBefore(DateTimeOffset.MaxValue);
        Assert.InRange(subject.Bytes.Length, 1, MaxSavedBytes);
        Assert.InRange(Held.Bytes(subject), 1, MaxHeldBytes);
    }

    [Theory, MemberData(nameof(Names))]
    public void Each_detector_keeps_to_its_part_of_a_profile(string name)
    {
        var (live, saved) = Measure([.. Some.Detectors().Where(detector => detector.Name == name)]);
        TestContext.Current.SendDiagnosticMessage($"{name}: {live} bytes in memory, {saved} saved, the profile itself included");
        Assert.InRange(live, 1, 3 * 1024);
    }

    [Fact]
    public void A_profile_takes_a_few_kilobytes()
    {
        var (live, saved) = Measure(Some.Detectors());
        TestContext.Current.SendDiagnosticMessage($"{live} bytes in memory, {saved} saved");
        Assert.InRange(live, 1, MaxLiveBytes);
        Assert.InRange(saved, 1, MaxSavedBytes);
    }

    /// <summary>Bytes per profile, in memory and saved.</summary>
    private static (long Live, long Saved) Measure(IReadOnlyList<Detector> detectors)
    {
        const int Agents = 500;
        const int Fewer = 10;

        // What an engine holds once is no agent's.
        var few = Some.DetectionEngine(detectors: detectors);
        Live(few, Fewer);
        var many = Some.DetectionEngine(detectors: detectors);
        var state = Live(many, Agents);
        var live = (Held.Bytes(many) - Held.Bytes(few)) / (Agents - Fewer);
        Assert.Equal(Agents, state.Profiles);
        return (live, state.ProfileBytes / state.Profiles);
    }

    private static State.CountingState Live(DetectionEngine engine, int agents)
    {
        var output = new DetectionOutput();
        var state = new State.CountingState();
        foreach (var call in SomeLife.Ordinary(3, days: 3))
        {
            // Open sessions of agents that tell contents are bounded by themselves: LineageMemoryTests.
            call.Arguments = call.Result = call.Content = call.ArgumentOrigins = default;
            call.IdUtf8 = BitConverter.GetBytes(call.Time.UtcTicks);
            for (var agent = 0; agent < agents; agent++)
            {
                call.AgentId = $"agent-{agent}";
                engine.Process(call, call.Time, output);
                output.Clear();
            }
        }

        engine.Advance(Some.Monday.AddDays(10), output);
        output.Clear();
        engine.Save(state);
        return state;
    }
}
