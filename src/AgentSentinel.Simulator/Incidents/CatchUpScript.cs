using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Nothing for hours, and then all that was missed in a third of the time. Benign.</summary>
internal sealed class CatchUpScript : IIncidentScript
{
    private const double ActiveShare = 0.3;
    private const double SilentShare = 0.75;
    private const long StepMs = 15 * Timeline.MinuteMs;

    public IncidentKind Kind => IncidentKind.CatchUp;

    public string Name => "catch_up";

    public bool IsBenign => true;

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.LogUniform(2, 8) * Timeline.HourMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        double missed = 0;
        for (long ms = incident.Period.StartMs; ms < SilentUntil(incident.Period); ms += StepMs)
        {
            missed += incident.Agent.EventsPerHour(timeline.WallClock(ms)) * StepMs / Timeline.HourMs;
        }

        Period busy = new(SilentUntil(incident.Period), incident.Period.EndMs);
        return HurriedWork.Calls(incident, busy, busy.LengthMs / Math.Max(missed, 1), timeline, random);
    }

    public Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline) =>
        timeline.MsOf(ordinary.Time) < SilentUntil(incident.Period) ? Fate.Dropped : Fate.Untouched;

    private static long SilentUntil(Period period) => period.StartMs + (long)(SilentShare * period.LengthMs);
}
