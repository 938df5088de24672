using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>A migration or a load test that stands in the calendar: three to ten times the usual work for some hours. Benign.</summary>
internal sealed class AnnouncedWorkScript : IIncidentScript
{
    private const double FewestEvents = 60;

    public IncidentKind Kind => IncidentKind.AnnouncedWork;

    public string Name => "announced_work";

    public bool IsBenign => true;

    public bool Suits(SimulatedAgent agent) => true;

    /// <summary>At any hour: such work is often done at night.</summary>
    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random)
    {
        long length = (long)(random.Uniform(1, 4) * Timeline.HourMs);
        if (room.LengthMs < length)
        {
            return null;
        }

        long start = room.StartMs + random.Below(room.LengthMs - length + 1);
        return new Period(start, start + length);
    }

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        double usual = incident.Agent.PeakEventsPerHour * incident.Period.LengthMs / Timeline.HourMs;
        double meanGapMs = incident.Period.LengthMs / Math.Max(random.Uniform(2, 9) * usual, FewestEvents);
        return HurriedWork.Calls(incident, incident.Period, meanGapMs, timeline, random);
    }
}
