using AgentSentinel.Cli.Commands;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class SimulatedRegistryTests
{
    [Fact]
    public void What_is_sensitive_in_a_simulation_is_what_the_service_reads()
    {
        using var folder = new TemporaryFolder();
        var simulation = new Simulation(new SimulationOptions { Agents = 40, Incidents = 0 });
        var path = folder.File("registry.json");
        File.WriteAllText(path, SimulatedRegistry.Text());
        var catalogue = new ResourceCatalogue(DeclarationSet.Read(new DeclarationOptions { RegistryFile = path }).Registry.Resources);

        var datasets = simulation.Agents.SelectMany(agent => agent.Datasets).ToList();
        Assert.Contains(datasets, dataset => dataset.IsSensitive);
        Assert.Contains(datasets, dataset => !dataset.IsSensitive);
        Assert.All(datasets, dataset => Assert.Equal(dataset.IsSensitive ? Sensitivity.Restricted : Sensitivity.Internal, catalogue.Of(dataset.Name)));
    }
}
