using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Ordinary sessions at the rate of the busiest hour of the day, between two and four at night.</summary>
internal sealed class OffHoursScript : IIncidentScript
{
    private const long EarliestMs = 2 * Timeline.HourMs;
    private const long LatestMs = 4 * Timeline.HourMs;

    // An agent that is nearly silent by day is not to be heard at night either.
    private const double LeastEventsPerHour = 10;

    public IncidentKind Kind => IncidentKind.OffHours;

    public string Name => "off_hours";

    public bool Suits(SimulatedAgent agent) => agent.Habit == Habit.OfficeHours && agent.PeakEventsPerHour >= LeastEventsPerHour;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random)
    {
        long nights = (timeline.EndMs / Timeline.DayMs) + 2;
        long midnight = (random.Below(nights) * Timeline.DayMs) - timeline.StartOfDayOffsetMs;
        long start = midnight + EarliestMs + random.Below(20 * Timeline.MinuteMs);
        long end = midnight + LatestMs - random.Below(20 * Timeline.MinuteMs);
        return start >= room.StartMs && end <= room.EndMs ? new Period(start, end) : null;
    }

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        double sessionsPerHour = agent.Design.Routine.PeakSessionsPerHour;
        SeededRandom startsRandom = new((int)random.NextBits());
        IEnumerable<long> starts = RatedStarts
            .Draw(_ => sessionsPerHour, timeline, period, RateNoise.None, startsRandom)
            .Prepend(period.StartMs);
        foreach (SimulatedCall call in SessionCalls.From(starts, agent, timeline, period.EndMs, random))
        {
            yield return call with { IsAttackCall = call.Kind == CallKind.ToolCall };
        }
    }
}
