using AgentSentinel.Simulator.Content;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Ordinary sessions in which some arguments or results hold a secret. Nothing but content is out of the ordinary.</summary>
internal sealed class SecretLeakScript : IIncidentScript
{
    private const double ActiveShare = 0.3;
    private const double LeakShare = 0.5;

    public IncidentKind Kind => IncidentKind.SecretLeak;

    public string Name => "secret_leak";

    public bool NeedsContent => true;

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(3, 20) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        SecretKind kind = random.Pick(Enum.GetValues<SecretKind>());
        Session session = new(incident.Agent, timeline, random);
        long ms = incident.Period.StartMs;
        yield return session.Request(ms);
        int calls = 3 + random.Below(6);
        for (int i = 0; i < calls; i++)
        {
            ms = Math.Min(ms + incident.Agent.Design.Routine.Shape.DrawPauseMs(random), incident.Period.EndMs);
            SimulatedCall call = session.Next(ms);
            yield return i == 0 || random.Chance(LeakShare) ? call with { Secret = kind, IsAttackCall = true } : call;
        }
    }
}
