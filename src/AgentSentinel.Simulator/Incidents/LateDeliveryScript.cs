using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>The agent works as always, but its telemetry is held up and arrives in one piece. Benign.</summary>
internal sealed class LateDeliveryScript : IIncidentScript
{
    private const double ActiveShare = 0.3;

    public IncidentKind Kind => IncidentKind.LateDelivery;

    public string Name => "late_delivery";

    public bool IsBenign => true;

    public bool HoldsBack => true;

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.LogUniform(5, 240) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random) => [];

    public Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline) => Fate.Changed;
}
