using System.Text.Json;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Commands;

/// <summary>What people would have declared of the data of a simulated fleet: which of it is sensitive. For <c>Declarations:RegistryFile</c>; agents are not in it.</summary>
internal static class SimulatedRegistry
{
    private static readonly JsonSerializerOptions Spelling = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string Text() => JsonSerializer.Serialize(
        new
        {
            Agents = Array.Empty<object>(),
            Resources = Simulation.SensitiveDatasets.Select(name => new { Match = name, Sensitivity = "restricted" }),
        },
        Spelling);
}
