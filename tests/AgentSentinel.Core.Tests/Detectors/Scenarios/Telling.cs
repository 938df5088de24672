using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors.Scenarios;

/// <summary>Tells an engine what one agent does, session by session, at content level.</summary>
internal sealed class Telling(DetectionEngine engine, string agent, Random random, bool namesResources = true)
{
    private readonly DetectionOutput _output = new();
    private int _sessions;
    private int _calls;

    public Random Random { get; } = random;

    public DateTimeOffset Now { get; set; } = Some.Monday;

    /// <summary>What was raised in the session told last.</summary>
    public List<Anomaly> Anomalies { get; } = [];

    /// <summary>Begins a session.</summary>
    public void Request(string text)
    {
        _sessions++;
        Anomalies.Clear();
        Process(Some.ToolCall(Now, NextId(), agent, kind: CallKind.Request, session: $"{agent}-{_sessions}", content: JsonSerializer.Serialize(text)));
    }

    public void Read(string tool, SourceTrust source, string resource, object arguments, object result) =>
        Call(tool, ToolAction.Read, source, [resource], arguments, result);

    public void Do(string tool, ToolAction action, string[] resources, object arguments) =>
        Call(tool, action, SourceTrust.Trusted, resources, arguments, "done");

    public T Any<T>(params T[] choices) => choices[Random.Next(choices.Length)];

    private void Call(string tool, ToolAction action, SourceTrust source, string[] resources, object arguments, object result) => Process(Some.ToolCall(
        Now, NextId(), agent, tool, namesResources ? resources : [], session: $"{agent}-{_sessions}", action: action, source: source,
        arguments: JsonSerializer.Serialize(arguments), result: JsonSerializer.Serialize(result)));

    private string NextId() => $"{agent}-{(++_calls).ToString(CultureInfo.InvariantCulture)}";

    private void Process(ToolCall call)
    {
        _output.Clear();
        Assert.Equal(CallVerdict.Accepted, engine.Process(call, Now, _output));
        Assert.Empty(_output.Failures);
        Anomalies.AddRange(_output.Anomalies);
        Now = Now.AddSeconds(Random.Next(1, 6));
    }
}
