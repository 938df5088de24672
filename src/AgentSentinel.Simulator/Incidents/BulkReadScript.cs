using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Few calls of the usual reading tool on usual datasets, each twenty times as large as it should be.</summary>
internal sealed class BulkReadScript : IIncidentScript
{
    private const double ActiveShare = 0.3;
    private const double Enlargement = 20;

    public IncidentKind Kind => IncidentKind.BulkRead;

    public string Name => "bulk_read";

    /// <summary>What nobody counts cannot be seen to be many.</summary>
    public bool Suits(SimulatedAgent agent) => agent.Design.ReadingTool.Records is not null;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(5, 30) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        SimulatedTool tool = agent.Design.ReadingTool;
        int calls = 4 + random.Below(7);
        Session session = new(agent, timeline, random);
        yield return session.Request(period.StartMs);
        for (int i = 0; i < calls; i++)
        {
            // One call somewhere in each of as many equal parts.
            long ms = period.StartMs + 1 + (long)((i + random.Uniform()) * (period.LengthMs - 1) / calls);
            int dataset = agent.Design.Datasets.DrawRank(ms, random);
            SimulatedCall call = session.Call(ms, tool, agent.Design.Datasets.Only(dataset));
            yield return Session.Enlarged(call, Enlargement) with { IsAttackCall = true };
        }
    }
}
