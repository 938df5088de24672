using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>A session that begins in the ordinary way and then repeats its last call until somebody stops it; other work stands still.</summary>
internal sealed class RunawayLoopScript : IIncidentScript
{
    private const double ActiveShare = 0.3;
    private const int LeadInCalls = 3;

    public IncidentKind Kind => IncidentKind.RunawayLoop;

    public string Name => "runaway_loop";

    public bool Suits(SimulatedAgent agent) => true;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(3, 20) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        double slowestMs = random.LogUniform(400, 2_000);
        double errorShare = random.Uniform(0.5, 0.95);
        Session session = new(agent, timeline, random);
        long ms = period.StartMs;
        yield return session.Request(ms);

        SimulatedCall last = default;
        for (int i = 0; i < LeadInCalls; i++)
        {
            ms += 1 + (long)random.Uniform(200, 2_000);
            last = session.Next(ms);
            yield return last;
        }

        for (ms += NextGapMs(slowestMs, random); ms <= period.EndMs; ms += NextGapMs(slowestMs, random))
        {
            SimulatedCall call = session.Again(ms, last) with { IsAttackCall = true };
            yield return call.Status == CallStatus.Ok && random.Chance(errorShare) ? session.Failed(call, CallStatus.Error) : call;
        }
    }

    public Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline) => Fate.Dropped;

    // An incident has its own pace, between 0.2 s and at most 2 s.
    private static long NextGapMs(double slowestMs, SeededRandom random) => (long)random.Uniform(200, slowestMs);
}
