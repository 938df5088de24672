using System.Text.Json;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Demo;

/// <summary>What the fleet's owners declare of it: who answers for an agent, what it is for, what it may use, what is its own.</summary>
internal static class DemoDeclarations
{
    private static readonly JsonSerializerOptions Spelling = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Writes the registry.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="agents">The fleet.</param>
    /// <param name="protectedAgent">An agent that only two people together may stop, or null.</param>
    public static DeclarationOptions Write(string folder, IReadOnlyList<SimulatedAgent> agents, string? protectedAgent)
    {
        var path = Path.Combine(folder, "registry.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { Agents = agents.Select(a => Entry(a, a.Id == protectedAgent)) }, Spelling));
        return new DeclarationOptions { RegistryFile = path };
    }

    private static object Entry(SimulatedAgent agent, bool isProtected) => new
    {
        agent.Id,
        Owner = $"{agent.PeerGroup} team",
        Purpose = agent.Purpose.Replace('-', ' '),
        PeerGroup = agent.Purpose,
        Scope = new { Tools = agent.Tools.Select(t => t.Name).Distinct(), Resources = Array.Empty<string>(), Actions = Array.Empty<string>() },
        Criticality = isProtected ? "high" : "medium",
        Credentials = new[] { agent.CredentialId },
        Protected = isProtected,
    };
}
