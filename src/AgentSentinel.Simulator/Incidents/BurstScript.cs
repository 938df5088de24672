using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>The agent's ordinary work, several times as fast: further parts are added to the one that goes on.</summary>
internal sealed class BurstScript : IIncidentScript
{
    private const double ActiveShare = 0.5;

    private readonly double _addedFactor;

    // Ten times nearly nothing is nothing: a burst of an agent that hardly works is still this many calls.
    private readonly double _fewestEvents;

    private BurstScript(IncidentKind kind, string name, double times, double fewestEvents)
    {
        Kind = kind;
        Name = name;
        _addedFactor = times - 1;
        _fewestEvents = fewestEvents;
    }

    public static BurstScript TenTimes { get; } = new(IncidentKind.BurstX10, "burst_x10", times: 10, fewestEvents: 40);

    public static BurstScript ThreeTimes { get; } = new(IncidentKind.BurstX3, "burst_x3", times: 3, fewestEvents: 12);

    public IncidentKind Kind { get; }

    public string Name { get; }

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(10, 40) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        double usualPerMs = incident.Agent.EventsPerHour(timeline.WallClock(incident.Period.StartMs)) / Timeline.HourMs;
        double meanGapMs = 1 / Math.Max(_addedFactor * usualPerMs, _fewestEvents / incident.Period.LengthMs);
        foreach (SimulatedCall call in HurriedWork.Calls(incident, incident.Period, meanGapMs, timeline, random))
        {
            yield return call with { IsAttackCall = call.Tool is not null };
        }
    }
}
