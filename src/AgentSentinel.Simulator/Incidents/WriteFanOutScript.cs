using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>One session that writes, deletes or sends the same to dozens of distinct resources, faster than anybody could read what it does.</summary>
internal sealed class WriteFanOutScript : IIncidentScript
{
    private const double ActiveShare = 0.3;
    private const double FastestMs = 30;
    private const double SlowestMs = 150;

    public IncidentKind Kind => IncidentKind.WriteFanOut;

    public string Name => "write_fan_out";

    public bool Suits(SimulatedAgent agent) => Outlets(agent).Length > 0;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)random.LogUniform(5_000, 25_000), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        SimulatedAgent agent = incident.Agent;
        SimulatedTool tool = random.Pick(Outlets(agent));
        HashSet<string> used = [];
        Session session = new(agent, timeline, random);
        yield return session.Request(incident.Period.StartMs);
        for (double ms = incident.Period.StartMs + 1; ms <= incident.Period.EndMs; ms += random.Uniform(FastestMs, SlowestMs))
        {
            string resource = tool.Target == ToolTarget.Recipient ? RecipientNames.Draw(random) : FanOutScript.Partition(agent, random);
            if (used.Add(resource))
            {
                yield return session.Call((long)ms, tool, [resource]) with { IsAttackCall = true };
            }
        }
    }

    private static SimulatedTool[] Outlets(SimulatedAgent agent) => [.. agent.Tools.Where(tool =>
        tool.Target != ToolTarget.None && tool.Action is (ToolAction.Write or ToolAction.Delete or ToolAction.Send))];
}
