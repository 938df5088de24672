using System.Buffers;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator.Tests;

/// <summary>Simulations that tests share. They are immutable, and generating is faster than keeping what was generated.</summary>
internal static class SomeSimulation
{
    /// <summary>Six kinds: so few that in a small fleet every incident has an agent of its own.</summary>
    public static IncidentKind[] FirstKinds { get; } =
    [
        IncidentKind.BurstX10, IncidentKind.SlowExfiltration, IncidentKind.UnfamiliarDataset, IncidentKind.OffHours, IncidentKind.RunawayLoop, IncidentKind.BulkRead,
    ];

    public static SimulationOptions Options { get; } = new()
    {
        Agents = 40,
        Duration = TimeSpan.FromDays(14),
        QuietFor = TimeSpan.FromDays(7),
        Incidents = 24,
        IncidentKinds = FirstKinds,
    };

    /// <summary>Forty agents, two weeks, four incidents of each kind in the second.</summary>
    public static Simulation WithIncidents { get; } = new(Options);

    /// <summary>Forty agents, four weeks, nothing wrong.</summary>
    public static Simulation Quiet { get; } = new(new SimulationOptions { Duration = TimeSpan.FromDays(28), Incidents = 0 });

    public static byte[] Bytes(SimulationOptions options)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (SimulatedCall call in new Simulation(options).Calls())
        {
            SimulatedCallJson.Write(output, call);
            output.Write("\n"u8);
        }

        return output.WrittenSpan.ToArray();
    }
}
