using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>The agent's ordinary work, as much as usual, under the credential of another agent, which works on with it.</summary>
internal sealed class SharedCredentialScript : IIncidentScript
{
    private const double ActiveShare = 0.3;

    public IncidentKind Kind => IncidentKind.SharedCredential;

    public string Name => "shared_credential";

    public bool NeedsPartner => true;

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(15, 90) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        Session session = new(incident.Agent, timeline, random);
        long ms = incident.Period.StartMs;
        yield return session.Request(ms) with { CredentialId = incident.Partner!.CredentialId };
        for (int i = 0; i < 4; i++)
        {
            ms = Math.Min(ms + incident.Agent.Design.Routine.Shape.DrawPauseMs(random), incident.Period.EndMs);
            yield return session.Next(ms) with { CredentialId = incident.Partner.CredentialId, IsAttackCall = true };
        }
    }

    public Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline)
    {
        ordinary = ordinary with { CredentialId = incident.Partner!.CredentialId, IsAttackCall = ordinary.Tool is not null };
        return Fate.Changed;
    }
}
