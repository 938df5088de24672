using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Tests.Fleets;

public sealed class PurposeCatalogueTests
{
    [Fact]
    public void Every_habit_has_purposes()
    {
        Assert.All(Enum.GetValues<Habit>(), habit => Assert.Contains(PurposeCatalogue.All, purpose => purpose.Suits(habit)));
    }

    [Fact]
    public void The_first_tool_reads_datasets()
    {
        Assert.All(PurposeCatalogue.All, purpose =>
        {
            Assert.Equal(ToolAction.Read, purpose.Tools[0].Action);
            Assert.Equal(ToolTarget.Dataset, purpose.Tools[0].Target);
        });
    }

    [Fact]
    public void No_dataset_belongs_to_two_purposes()
    {
        string[] names = [.. PurposeCatalogue.All.SelectMany(purpose => purpose.Datasets.Concat(purpose.SensitiveDatasets))];

        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Fleets_have_peers_with_similar_tools()
    {
        foreach (IGrouping<string, SimulatedAgent> peers in SomeSimulation.Quiet.Agents.GroupBy(agent => agent.Purpose).Where(peers => peers.Count() > 1))
        {
            Assert.Single(peers.Select(agent => agent.PeerGroup).Distinct());
            Assert.All(peers, agent => Assert.Contains(peers, other => other != agent && agent.Tools.Any(tool => other.Tools.Any(theirs => theirs.Name == tool.Name))));
        }
    }

    [Fact]
    public void Explorers_discover_datasets_and_others_do_not()
    {
        IReadOnlyList<SimulatedAgent> agents = SomeSimulation.Quiet.Agents;
        DateTimeOffset start = SomeSimulation.Quiet.Options.Start;

        Assert.Contains(agents, agent => agent.IsExplorer);
        Assert.All(agents.Where(agent => !agent.IsExplorer), agent => Assert.All(agent.Datasets, dataset => Assert.Equal(start, dataset.KnownFrom)));
        Assert.InRange(agents.Where(agent => agent.IsExplorer).Sum(agent => agent.Datasets.Count(dataset => dataset.KnownFrom > start)), 5, 200);
    }
}
