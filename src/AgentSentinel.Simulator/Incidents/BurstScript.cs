using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>The agent's ordinary work, ten times as fast: nine parts are added to the one that goes on.</summary>
internal sealed class BurstScript : IIncidentScript
{
    private const double AddedFactor = 9;

    // Ten times nearly nothing is nothing: a burst of an agent that hardly works is still this many calls.
    private const double FewestEvents = 40;

    // A renewal process a little more clustered than Poisson.
    private const double GapShape = 0.7;
    private const double ActiveShare = 0.5;

    public IncidentKind Kind => IncidentKind.Burst;

    public string Name => "burst";

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(10, 40) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(SimulatedAgent agent, Period period, Timeline timeline, SeededRandom random)
    {
        double usualPerMs = agent.EventsPerHour(timeline.WallClock(period.StartMs)) / Timeline.HourMs;
        double meanGapMs = 1 / Math.Max(AddedFactor * usualPerMs, FewestEvents / period.LengthMs);
        Session? session = null;
        int callsLeft = 0;
        for (double at = period.StartMs; at <= period.EndMs; at += random.Gamma(GapShape, meanGapMs))
        {
            if (session is null || callsLeft == 0)
            {
                session = new Session(agent, timeline, random);
                callsLeft = agent.Design.Routine.Shape.DrawCalls(random);
                yield return session.Request((long)at);
            }
            else
            {
                callsLeft--;
                yield return session.Next((long)at) with { IsAttackCall = true };
            }
        }
    }
}
