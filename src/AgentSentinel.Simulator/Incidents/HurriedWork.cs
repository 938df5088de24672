using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Ordinary sessions of an agent, one after the other, at a pace of their own.</summary>
internal static class HurriedWork
{
    // A renewal process a little more clustered than Poisson.
    private const double GapShape = 0.7;

    public static IEnumerable<SimulatedCall> Calls(
        ScheduledIncident incident, Period period, double meanGapMs, Timeline timeline, SeededRandom random)
    {
        Session? session = null;
        int callsLeft = 0;
        for (double at = period.StartMs; at <= period.EndMs; at += random.Gamma(GapShape, meanGapMs))
        {
            if (session is null || callsLeft == 0)
            {
                session = new Session(incident.Agent, timeline, random);
                callsLeft = incident.Agent.Design.Routine.Shape.DrawCalls(random);
                yield return session.Request((long)at);
            }
            else
            {
                callsLeft--;
                yield return session.Next((long)at);
            }
        }
    }
}
