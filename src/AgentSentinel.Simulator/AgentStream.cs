using AgentSentinel.Simulator.Incidents;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator;

/// <summary>
/// All events of one agent in order of arrival: its habit's and its incidents', numbered together so that numbers tell nothing about truth.
/// Owned by one enumeration of <see cref="Simulation.Calls"/>. Ties: the habit first, then incidents in planning order.
/// </summary>
internal sealed class AgentStream : IDisposable
{
    private readonly Timeline _timeline;
    private readonly ScheduledIncident[] _incidents;
    private readonly IEnumerator<SimulatedCall>[] _sources;
    private readonly long[] _nextTicks;

    // Events that were held back and the first one after them, with their arrivals; those before _released are gone.
    private readonly List<(SimulatedCall Call, long Arrival)> _held = [];
    private int _released;
    private bool _isReleasing;
    private long _sequence;
    private SimulatedCall _current;

    public AgentStream(SimulatedAgent agent, int seed, Timeline timeline, ScheduledIncident[] incidents)
    {
        _timeline = timeline;
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
            SeededRandom random = new(seed, incident.Planned.IsBenign ? RandomStream.Disturbance : RandomStream.Incident, incident.Ordinal);
            _sources[i + 1] = incident.Script.Calls(incident, timeline, random).GetEnumerator();
        }

        for (int source = 0; source < _sources.Length; source++)
        {
            Advance(source);
        }
    }

    /// <summary>The event that <see cref="MoveNext"/> moved to.</summary>
    public ref readonly SimulatedCall Current => ref _current;

    /// <summary>When <see cref="Current"/> reaches the topic: when it happened, unless it was held back.</summary>
    public long ArrivalTicks { get; private set; }

    public bool MoveNext()
    {
        while (!_isReleasing)
        {
            if (!Produce())
            {
                _isReleasing = true;
                break;
            }

            long? heldUntil = HeldUntil(_current.Time);
            ArrivalTicks = heldUntil ?? _current.Time.UtcTicks;
            if (heldUntil is null && _held.Count == 0)
            {
                return true;
            }

            _held.Add((_current, ArrivalTicks));
            _isReleasing = heldUntil is null;
        }

        if (_released == _held.Count)
        {
            _held.Clear();
            _released = 0;
            _isReleasing = false;
            return Exhausted() ? false : MoveNext();
        }

        (_current, ArrivalTicks) = _held[_released++];
        return true;
    }

    public void Dispose()
    {
        foreach (IEnumerator<SimulatedCall> source in _sources)
        {
            source.Dispose();
        }
    }

    private bool Exhausted()
    {
        foreach (long ticks in _nextTicks)
        {
            if (ticks != long.MaxValue)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The next event in order of time.</summary>
    private bool Produce()
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
                _current = Marked(_current, _incidents[source - 1].Planned) with { Sequence = _sequence++ };
                return true;
            }

            if (Happens(ref _current))
            {
                _current = _current with { Sequence = _sequence++ };
                return true;
            }
        }
    }

    private void Advance(int source) =>
        _nextTicks[source] = _sources[source].MoveNext() ? _sources[source].Current.Time.UtcTicks : long.MaxValue;

    private bool Happens(ref SimulatedCall ordinary)
    {
        foreach (ScheduledIncident incident in _incidents)
        {
            if (!Covers(incident, ordinary.Time))
            {
                continue;
            }

            switch (incident.Script.Meets(ref ordinary, incident, _timeline))
            {
                case Fate.Dropped:
                    return false;
                case Fate.Changed:
                    ordinary = Marked(ordinary, incident.Planned);
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    private long? HeldUntil(DateTimeOffset time)
    {
        foreach (ScheduledIncident incident in _incidents)
        {
            if (incident.Script.HoldsBack && Covers(incident, time))
            {
                return incident.Planned.End.UtcTicks;
            }
        }

        return null;
    }

    private static bool Covers(ScheduledIncident incident, DateTimeOffset time) => time >= incident.Planned.Start && time <= incident.Planned.End;

    private static SimulatedCall Marked(in SimulatedCall call, PlannedIncident incident) =>
        incident.IsBenign ? call with { Disturbance = incident } : call with { Incident = incident };
}
