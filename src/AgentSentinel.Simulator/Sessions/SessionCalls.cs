using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Sessions;

/// <summary>
/// The session generator: turns session starts into events in time order. Sessions may overlap; those open at one moment are few
/// (rate × length), so the next event is found by looking at all of them.
/// </summary>
internal static class SessionCalls
{
    // From the request to the first call a model thinks for a moment.
    private const double ThinkingSeconds = 1.5;
    private const double ThinkingSigma = 0.6;

    /// <param name="starts">Session starts, ascending.</param>
    /// <param name="agent">Whose sessions they are.</param>
    /// <param name="timeline">The simulated span.</param>
    /// <param name="untilMs">Last moment at which a call may happen; sessions are cut there.</param>
    /// <param name="random">Not shared with <paramref name="starts"/>.</param>
    public static IEnumerable<SimulatedCall> From(
        IEnumerable<long> starts, SimulatedAgent agent, Timeline timeline, long untilMs, SeededRandom random)
    {
        List<OpenSession> open = [];
        SessionShape shape = agent.Design.Routine.Shape;
        using IEnumerator<long> start = starts.GetEnumerator();
        long nextStart = start.MoveNext() ? start.Current : long.MaxValue;
        while (true)
        {
            int earliest = Earliest(open);
            long nextCall = earliest < 0 ? long.MaxValue : open[earliest].NextMs;
            if (Math.Min(nextStart, nextCall) > untilMs)
            {
                yield break;
            }

            if (nextStart <= nextCall)
            {
                Session session = new(agent, timeline, random);
                long thinkingMs = (long)random.LogNormal(ThinkingSeconds * Timeline.SecondMs, ThinkingSigma);
                open.Add(new OpenSession(session, nextStart + thinkingMs, shape.DrawCalls(random)));
                yield return session.Request(nextStart);
                nextStart = start.MoveNext() ? start.Current : long.MaxValue;
                continue;
            }

            OpenSession current = open[earliest];
            SimulatedCall call = current.Session.Next(nextCall);
            if (current.CallsLeft > 1)
            {
                // An agent reads one answer before it asks for the next.
                long nextMs = nextCall + (call.DurationMs ?? 0) + shape.DrawPauseMs(random);
                open[earliest] = current with { NextMs = nextMs, CallsLeft = current.CallsLeft - 1 };
            }
            else
            {
                open.RemoveAt(earliest);
            }

            yield return call;
        }
    }

    private static int Earliest(List<OpenSession> open)
    {
        int earliest = -1;
        long ms = long.MaxValue;
        for (int i = 0; i < open.Count; i++)
        {
            if (open[i].NextMs < ms)
            {
                ms = open[i].NextMs;
                earliest = i;
            }
        }

        return earliest;
    }

    private readonly record struct OpenSession(Session Session, long NextMs, int CallsLeft);
}
