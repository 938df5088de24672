using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Half as many ordinary sessions again, for six hours: too little to see in any of them.</summary>
internal sealed class DriftScript : IIncidentScript
{
    private const double AddedShare = 0.5;
    private const double ActiveShare = 0.3;
    private const long LengthMs = 6 * Timeline.HourMs;

    // Half as much again of a handful is a handful.
    private const double LeastEventsPerHour = 10;

    public IncidentKind Kind => IncidentKind.Drift;

    public string Name => "drift";

    public bool Suits(SimulatedAgent agent) =>
        agent.Habit is not (Habit.CronLike or Habit.Sparse or Habit.SessionDriven) && agent.PeakEventsPerHour >= LeastEventsPerHour;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, LengthMs, room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        SimulatedAgent agent = incident.Agent;
        SeededRandom startsRandom = new((int)random.NextBits());
        IEnumerable<long> starts = RatedStarts
            .Draw(wallClock => AddedShare * agent.Design.Routine.SessionsPerHour(wallClock), timeline, incident.Period, RateNoise.None, startsRandom)
            .Prepend(incident.Period.StartMs);
        foreach (SimulatedCall call in SessionCalls.From(starts, agent, timeline, incident.Period.EndMs, random))
        {
            yield return call with { IsAttackCall = call.Tool is not null };
        }
    }
}
