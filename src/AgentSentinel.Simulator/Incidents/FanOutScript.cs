using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>The usual number of calls, but hardly two on the same dataset: the agent works its way through everything there is.</summary>
internal sealed class FanOutScript : IIncidentScript
{
    public IncidentKind Kind => IncidentKind.FanOut;

    public string Name => "fan_out";

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhileBusy(agent, room, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        Session session = new(incident.Agent, timeline, random);
        yield return session.Request(incident.Period.StartMs);
        yield return session.Call(incident.Period.StartMs + 1, incident.Agent.Design.ReadingTool, [Partition(incident.Agent, random)]) with { IsAttackCall = true };
    }

    public Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline)
    {
        if (ordinary.Tool is not { Target: ToolTarget.Dataset, Action: ToolAction.Read })
        {
            return Fate.Untouched;
        }

        SeededRandom random = new((int)ordinary.SpanId, incident.Ordinal);
        ordinary = ordinary with { Resources = [Partition(incident.Agent, random)], IsAttackCall = true };
        return Fate.Changed;
    }

    /// <summary>One of some thousand parts of the datasets of the agent's domain.</summary>
    public static string Partition(SimulatedAgent agent, SeededRandom random) => string.Create(
        CultureInfo.InvariantCulture, $"{random.Pick(agent.Design.Purpose.Datasets)}/{2019 + random.Below(8)}-{1 + random.Below(12):d2}");
}
