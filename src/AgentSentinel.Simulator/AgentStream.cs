using AgentSentinel.Simulator.Incidents;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator;

/// <summary>
/// All events of one agent in time order: its habit's and its incidents', numbered together so that numbers tell nothing about truth.
/// Owned by one enumeration of <see cref="Simulation.Calls"/>. Ties: the habit first, then incidents in planning order.
/// </summary>
internal sealed class AgentStream : IDisposable
{
    private readonly ScheduledIncident[] _incidents;
    private readonly IEnumerator<SimulatedCall>[] _sources;
    private readonly long[] _nextTicks;
    private long _sequence;
    private SimulatedCall _current;

    public AgentStream(SimulatedAgent agent, int seed, Timeline timeline, ScheduledIncident[] incidents)
    {
        _incidents = incidents;
        _sources = new IEnumerator<SimulatedCall>[1 + incidents.Length];
        _nextTicks = new long[_sources.Length];
        _sources[0] = SessionCalls.From(
            agent.Design.Routine.Starts(timeline, new SeededRandom(seed, RandomStream.HabitStarts, agent.Ordinal)),
            agent,
            timeline,
            timeline.EndMs,
            new SeededRandom(seed, RandomStream.HabitSessions, agent.Ordinal)).GetEnumerator();
        for (int i = 0; i < incidents.Length; i++)
        {
            ScheduledIncident incident = incidents[i];
            SeededRandom random = new(seed, RandomStream.Incident, incident.Ordinal);
            _sources[i + 1] = incident.Script.Calls(agent, incident.Period, timeline, random).GetEnumerator();
        }

        for (int source = 0; source < _sources.Length; source++)
        {
            Advance(source);
        }
    }

    /// <summary>The event that <see cref="MoveNext"/> moved to.</summary>
    public ref readonly SimulatedCall Current => ref _current;

    public bool MoveNext()
    {
        while (true)
        {
            int source = 0;
            for (int i = 1; i < _nextTicks.Length; i++)
            {
                if (_nextTicks[i] < _nextTicks[source])
                {
                    source = i;
                }
            }

            if (_nextTicks[source] == long.MaxValue)
            {
                return false;
            }

            _current = _sources[source].Current;
            Advance(source);
            if (source > 0)
            {
                _current = _current with { Sequence = _sequence++, Incident = _incidents[source - 1].Planned };
                return true;
            }

            if (IsKept(ref _current))
            {
                _current = _current with { Sequence = _sequence++ };
                return true;
            }
        }
    }

    public void Dispose()
    {
        foreach (IEnumerator<SimulatedCall> source in _sources)
        {
            source.Dispose();
        }
    }

    private void Advance(int source) =>
        _nextTicks[source] = _sources[source].MoveNext() ? _sources[source].Current.Time.UtcTicks : long.MaxValue;

    private bool IsKept(ref SimulatedCall ordinary)
    {
        foreach (ScheduledIncident incident in _incidents)
        {
            if (ordinary.Time >= incident.Planned.Start && ordinary.Time <= incident.Planned.End && !incident.Script.Keeps(ref ordinary))
            {
                return false;
            }
        }

        return true;
    }
}
