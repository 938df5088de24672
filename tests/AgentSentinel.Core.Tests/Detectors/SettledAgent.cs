using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>One agent of known habits before the real engine with the standard detectors: the test tells what it does next.</summary>
internal sealed class SettledAgent
{
    private readonly DetectionEngine _engine = Some.DetectionEngine();
    private readonly DetectionOutput _output = new();
    private int _calls;

    internal List<Anomaly> Anomalies { get; } = [];

    internal DateTimeOffset Now { get; private set; } = Some.Monday;

    internal IEnumerable<Anomaly> Of(string detector) => Anomalies.Where(anomaly => anomaly.Evidence.Detector == detector);

    /// <summary>Works round the clock: a call every ten seconds on average, five tools, eight datasets, one failure in a hundred.</summary>
    internal SettledAgent Work(TimeSpan span, int secondsBetween = 10, int datasets = 8)
    {
        var random = new Random(91 + _calls);
        for (var end = Now + span; Now < end; Now = Now.AddSeconds(random.NextDouble() * 2 * secondsBetween))
        {
            Call($"crm:{random.Next(datasets)}", $"crm.tool-{random.Next(5)}", random.Next(100) == 0 ? CallStatus.Error : CallStatus.Ok);
        }

        return this;
    }

    internal void Call(string resource = "crm:1", string tool = "crm.tool-1", CallStatus status = CallStatus.Ok)
    {
        _output.Clear();
        var call = Some.ToolCall(Now, (++_calls).ToString(CultureInfo.InvariantCulture), tool: tool, resources: [resource], status: status);
        Assert.Equal(CallVerdict.Accepted, _engine.Process(call, Now, _output));
        Assert.Empty(_output.Failures);
        Anomalies.AddRange(_output.Anomalies);
    }

    internal void Pass(TimeSpan span) => Now += span;

    internal void CloseWindows()
    {
        _output.Clear();
        Now = Now.AddMinutes(5);
        _engine.Advance(Now, _output);
        Anomalies.AddRange(_output.Anomalies);
    }
}
