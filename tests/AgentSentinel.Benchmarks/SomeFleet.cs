using System.Buffers;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator;

namespace AgentSentinel.Benchmarks;

/// <summary>Telemetry of the simulated fleet that all measurements read: 200 agents of all habits.</summary>
internal static class SomeFleet
{
    public static SimulationOptions Options { get; } = new() { Seed = 7, Agents = 200, Incidents = 0, Duration = TimeSpan.FromDays(365), QuietFor = TimeSpan.Zero };

    /// <summary>The first events of the fleet: agent and JSON.</summary>
    public static IEnumerable<(string AgentId, byte[] Json)> Events(int count)
    {
        var json = new ArrayBufferWriter<byte>(4096);
        foreach (var call in new Simulation(Options).Calls().Take(count))
        {
            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call);
            yield return (call.AgentId, json.WrittenSpan.ToArray());
        }
    }

    /// <summary>The same events, decoded, each in an object of its own.</summary>
    public static ToolCall[] Calls(int count)
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        return [.. Events(count).Select(e =>
        {
            var call = new ToolCall();
            return decoder.TryDecode(e.Json, DateTimeOffset.MaxValue.AddDays(-1), call, out var error) ? call : throw new InvalidOperationException(error.ReasonName);
        })];
    }
}
