using System.Text.Json;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Commands;

/// <summary>What the simulated company would have declared of its resources: a registry that labels the sensitive ones and names no agent.</summary>
internal static class SimulatedCatalogue
{
    public static string Json() => JsonSerializer.Serialize(new { resources = Simulation.SensitiveDatasets.Select(name => new { match = name, sensitivity = "restricted" }) });
}
