using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Finds moments at which an agent is awake: most incidents hide in, or come out of, ordinary work.</summary>
internal static class Placement
{
    private const int Tries = 32;
    private const long StepMs = 15 * Timeline.MinuteMs;
    private const long BusyShortestMs = Timeline.HourMs;
    private const long BusyLongestMs = 6 * Timeline.HourMs;

    // Requests included: some sixty calls even of an agent with short sessions.
    private const double BusyEvents = 85;

    /// <param name="agent">The agent.</param>
    /// <param name="lengthMs">Length of the wanted period.</param>
    /// <param name="room">Where it must lie.</param>
    /// <param name="activeShare">Least expected rate at both ends, as a share of the agent's peak.</param>
    /// <param name="timeline">The simulated span.</param>
    /// <param name="random">The incident's plan.</param>
    /// <returns>Null when the room is too short or no draw found the agent awake.</returns>
    public static Period? WhenActive(
        SimulatedAgent agent, long lengthMs, Period room, double activeShare, Timeline timeline, SeededRandom random)
    {
        long slack = room.LengthMs - lengthMs;
        for (int i = 0; slack >= 0 && i < Tries; i++)
        {
            long start = room.StartMs + random.Below(slack + 1);
            if (IsActive(agent, start, activeShare, timeline) && IsActive(agent, start + lengthMs, activeShare, timeline))
            {
                return new Period(start, start + lengthMs);
            }
        }

        return null;
    }

    /// <summary>A period of one to six hours in which the agent is expected to make some sixty calls by itself.</summary>
    public static Period? WhileBusy(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random)
    {
        for (int i = 0; room.LengthMs > BusyLongestMs && i < Tries; i++)
        {
            long start = room.StartMs + random.Below(room.LengthMs - BusyLongestMs);
            double events = 0;
            for (long end = start + StepMs; end <= start + BusyLongestMs; end += StepMs)
            {
                events += agent.EventsPerHour(timeline.WallClock(end - StepMs)) * StepMs / Timeline.HourMs;
                if (events >= BusyEvents && end - start >= BusyShortestMs)
                {
                    return new Period(start, end);
                }
            }
        }

        return null;
    }

    public static bool IsActive(SimulatedAgent agent, long ms, double activeShare, Timeline timeline) =>
        agent.EventsPerHour(timeline.WallClock(ms)) >= activeShare * agent.PeakEventsPerHour;
}
