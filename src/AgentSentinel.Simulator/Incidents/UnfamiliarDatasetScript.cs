using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>One session that looks around in other teams' data, with the agent's usual reading tool and one of another team's.</summary>
internal sealed class UnfamiliarDatasetScript : IIncidentScript
{
    private const double ActiveShare = 0.3;
    private const double NewToolShare = 0.4;

    public IncidentKind Kind => IncidentKind.UnfamiliarDataset;

    public string Name => "unfamiliar_dataset";

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(3, 12) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        AgentPurpose[] others = [.. PurposeCatalogue.All.Where(purpose => purpose.Name != agent.Purpose)];
        string[] datasets = [.. others.SelectMany(purpose => purpose.Datasets.Take(8).Concat(purpose.SensitiveDatasets))];
        random.Shuffle<string>(datasets);
        SimulatedTool usual = agent.Design.ReadingTool;
        SimulatedTool foreign = random.Pick((SimulatedTool[])[.. others
            .SelectMany(purpose => purpose.Tools)
            .Where(tool => tool.Action == ToolAction.Read && tool.Target == ToolTarget.Dataset && agent.Tools.All(own => own.Name != tool.Name))]);

        long[] moments = new long[4 + random.Below(5)];
        for (int i = 0; i < moments.Length; i++)
        {
            moments[i] = period.StartMs + 1 + random.Below(period.LengthMs);
        }

        Array.Sort(moments);
        Session session = new(agent, timeline, random);
        yield return session.Request(period.StartMs);
        for (int i = 0; i < moments.Length; i++)
        {
            // The first two calls show both tools; later ones mix.
            SimulatedTool tool = i == 1 || (i > 1 && random.Chance(NewToolShare)) ? foreign : usual;
            yield return session.Call(moments[i], tool, [datasets[i]]) with { IsAttackCall = true };
        }
    }
}
