using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>What the agent calls is down for some minutes: every call fails, and is tried again several times. Benign.</summary>
internal sealed class RetryStormScript : IIncidentScript
{
    private const double ActiveShare = 0.5;
    private const double FewestTries = 12;
    private const double FailingShare = 0.9;

    public IncidentKind Kind => IncidentKind.RetryStorm;

    public string Name => "retry_storm";

    public bool IsBenign => true;

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(3, 15) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        double expected = agent.EventsPerHour(timeline.WallClock(period.StartMs)) * period.LengthMs / Timeline.HourMs;
        double meanGapMs = period.LengthMs / Math.Max(random.Uniform(2, 6) * expected, FewestTries);
        Session session = new(agent, timeline, random);
        yield return session.Request(period.StartMs);
        SimulatedCall tried = session.Next(period.StartMs + 1);
        int left = 0;
        for (double ms = period.StartMs + 1; ms <= period.EndMs; ms += random.Exponential(meanGapMs))
        {
            if (left-- == 0)
            {
                tried = session.Next((long)ms);
                left = 2 + random.Below(6);
            }

            SimulatedCall again = session.Again((long)ms, tried);
            yield return again.Status == CallStatus.Ok && random.Chance(FailingShare) ? session.Failed(again, CallStatus.Error) : again;
        }
    }
}
