using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>The usual number of calls, but four in five of them by the tools that the agent uses least.</summary>
internal sealed class ToolMixScript : IIncidentScript
{
    private const double SwitchedShare = 0.8;
    private const int FewestTools = 3;
    private const double RareShare = 0.2;

    public IncidentKind Kind => IncidentKind.ToolMix;

    public string Name => "tool_mix";

    public bool Suits(SimulatedAgent agent) => agent.Tools.Count >= FewestTools && Rarest(agent).Length > 0;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhileBusy(agent, room, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        // Whatever the agent has to do in the meantime is changed; this is what is there even when it has nothing to do.
        Session session = new(incident.Agent, timeline, random);
        yield return session.Request(incident.Period.StartMs);
        yield return session.Use(incident.Period.StartMs + 1, Rarest(incident.Agent)[0]) with { IsAttackCall = true };
    }

    public Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline)
    {
        SeededRandom random = new((int)ordinary.SpanId, incident.Ordinal);
        if (ordinary.Tool is null || !random.Chance(SwitchedShare))
        {
            return Fate.Untouched;
        }

        Session stranger = new(incident.Agent, timeline, random);
        ordinary = stranger.Use(timeline.MsOf(ordinary.Time), random.Pick(Rarest(incident.Agent))) with
        {
            SessionId = ordinary.SessionId,
            TraceId = ordinary.TraceId,
            SpanId = ordinary.SpanId,
            ParentSpanId = ordinary.ParentSpanId,
            IsAttackCall = true,
        };
        return Fate.Changed;
    }

    // Those with the least weight; none of them makes up more than a fifth of the agent's work, or the change would be no change.
    private static SimulatedTool[] Rarest(SimulatedAgent agent)
    {
        double all = agent.Tools.Sum(tool => tool.Weight);
        return [.. agent.Tools.Where(tool => tool.Weight <= RareShare * all).OrderBy(tool => tool.Weight).Take(2)];
    }
}
