using System.Buffers;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator;

namespace AgentSentinel.Benchmarks;

/// <summary>Telemetry of the simulated fleet that all measurements read, of agents of all habits.</summary>
internal static class SomeFleet
{
    private static SimulationOptions Options(int agents) =>
        new() { Seed = 7, Agents = agents, Incidents = 0, Duration = TimeSpan.FromDays(365), QuietFor = TimeSpan.Zero };

    /// <summary>The first events of the fleet: agent and JSON.</summary>
    public static IEnumerable<(string AgentId, byte[] Json)> Events(int agents, int count)
    {
        var json = new ArrayBufferWriter<byte>(4096);
        foreach (var call in new Simulation(Options(agents)).Calls().Take(count))
        {
            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call);
            yield return (call.AgentId, json.WrittenSpan.ToArray());
        }
    }

    /// <summary>The same events, decoded, each in an object of its own.</summary>
    public static ToolCall[] Calls(int agents, int count)
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        return [.. Events(agents, count).Select(e =>
        {
            var call = new ToolCall();
            return decoder.TryDecode(e.Json, DateTimeOffset.MaxValue.AddDays(-1), call, out var error) ? call : throw new InvalidOperationException(error.ReasonName);
        })];
    }
}
