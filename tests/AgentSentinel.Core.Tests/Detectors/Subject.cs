using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>One detector's baseline of one agent, driven as the agent's profile drives it, but without a threshold: a test sees every finding.</summary>
internal sealed class Subject
{
    private readonly SortedDictionary<long, AgentWindow> _open = [];
    private readonly MemoryWriter _writer = new();
    private ulong _calls;

    internal Subject(Detector detector)
    {
        Detector = detector;
        Baseline = detector.CreateBaseline("agent");
    }

    internal Detector Detector { get; }

    internal Baseline Baseline { get; }

    /// <summary>Also proves at every score that scoring changes nothing.</summary>
    internal bool ProvesPurity { get; init; }

    internal byte[] Bytes
    {
        get
        {
            _writer.Clear();
            Baseline.Save(_writer);
            return _writer.Written.ToArray();
        }
    }

    internal static byte[] BytesOf(Detector detector)
    {
        var writer = new MemoryWriter();
        detector.Save(writer);
        return writer.Written.ToArray();
    }

    /// <summary>The same knowledge in new objects.</summary>
    internal Subject Restored(Detector detector)
    {
        var shared = new MemoryReader(BytesOf(Detector));
        detector.Load(ref shared);
        shared.ExpectEnd();
        var restored = new Subject(detector) { ProvesPurity = ProvesPurity };
        var reader = new MemoryReader(Bytes);
        restored.Baseline.Load(ref reader);
        reader.ExpectEnd();
        return restored;
    }

    /// <summary>Closes what is due, then scores and learns a call.</summary>
    internal void Observe(ToolCall call, Action<Finding>? see = null, LearningGate gate = LearningGate.Open)
    {
        CloseBefore(call.Time.AddMinutes(-2), see, gate);
        var finding = Score(call);
        see?.Invoke(finding);
        Baseline.Learn(call, gate);
    }

    /// <summary>Counts a call in its window and scores it.</summary>
    internal Finding Score(ToolCall call)
    {
        var start = new DateTimeOffset(call.Time.UtcTicks - (call.Time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (!_open.TryGetValue(start.UtcTicks, out var window))
        {
            window = new AgentWindow();
            window.Open("agent", start);
            _open.Add(start.UtcTicks, window);
        }

        window.Add(call, ++_calls);
        return Ask(() => Baseline.Score(call, window));
    }

    /// <summary>Closes, scores and learns the windows that end at or before a moment.</summary>
    internal void CloseBefore(DateTimeOffset time, Action<Finding>? see = null, LearningGate gate = LearningGate.Open)
    {
        while (_open.Count > 0 && _open.First().Value is var window && window.End <= time)
        {
            _open.Remove(window.Start.UtcTicks);
            var finding = Ask(() => Baseline.Score(window));
            see?.Invoke(finding);
            Baseline.Learn(window, gate);
        }
    }

    private Finding Ask(Func<Finding> score)
    {
        if (!ProvesPurity)
        {
            return score();
        }

        var (before, sharedBefore) = (Bytes, BytesOf(Detector));
        var finding = score();
        Assert.Equal(finding, score());
        Assert.Equal(before, Bytes);
        Assert.Equal(sharedBefore, BytesOf(Detector));
        return finding;
    }
}
