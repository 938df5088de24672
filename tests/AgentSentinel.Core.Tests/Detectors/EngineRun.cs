using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>Calls that come one after the other, seconds apart, to an engine with one detector, and all that it raised.</summary>
internal sealed class EngineRun(string detector)
{
    private int _ids;

    public DetectionEngine Engine { get; private set; } = Some.DetectionEngine(detectors: [.. Some.Detectors().Where(d => d.Name == detector)]);

    /// <summary>Of the call processed last.</summary>
    public DetectionOutput Output { get; } = new();

    public List<Anomaly> Anomalies { get; } = [];

    public DateTimeOffset Now { get; set; } = Some.Monday;

    public string NextId() => (++_ids).ToString(CultureInfo.InvariantCulture);

    /// <summary>No call may be refused, and no detector may throw.</summary>
    public void Process(ToolCall call)
    {
        Output.Clear();
        Assert.Equal(CallVerdict.Accepted, Engine.Process(call, Now, Output));
        Assert.Empty(Output.Failures);
        Anomalies.AddRange(Output.Anomalies);
        Now += TimeSpan.FromSeconds(3);
    }

    /// <summary>The engine is saved, and another one goes on with what was.</summary>
    public void Restart()
    {
        var saved = new VolatileState();
        Engine.Save(saved);
        Engine = Some.DetectionEngine(detectors: [.. Some.Detectors().Where(d => d.Name == detector)], saved: saved);
    }
}
