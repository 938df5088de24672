using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>The latest eight sessions of an agent: room is made only while all are in use. Owned by one detector's memory.</summary>
/// <typeparam name="T">What is kept of each.</typeparam>
internal struct OpenSessions<T>()
    where T : struct, IOpenSession<T>
{
    /// <summary>A session that is silent for longer is over.</summary>
    public const long LongestSilence = TimeSpan.TicksPerHour;

    private const int Most = 8;

    private T[] _sessions = [];

    public readonly Span<T> All => _sessions;

    public readonly ref T this[int at] => ref _sessions[at];

    /// <summary>The place of a session that is not over; −1 when there is none.</summary>
    public readonly int Find(ulong id, long now)
    {
        for (var i = 0; i < _sessions.Length; i++)
        {
            if (_sessions[i].Id == id && now - _sessions[i].LastTicks <= LongestSilence)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The place for a further session: a new one, or that of the one unheard of for longest, which still stands there.</summary>
    public int Claim(long now)
    {
        var at = 0;
        for (var i = 1; i < _sessions.Length; i++)
        {
            at = _sessions[i].LastTicks < _sessions[at].LastTicks ? i : at;
        }

        if (_sessions.Length == 0 || (now - _sessions[at].LastTicks <= T.IdleAfter && _sessions.Length < Most))
        {
            Array.Resize(ref _sessions, _sessions.Length + 1);
            at = _sessions.Length - 1;
        }

        return at;
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_sessions.Length);
        foreach (ref readonly var session in _sessions.AsSpan())
        {
            session.Save(writer);
        }
    }

    public static OpenSessions<T> Load(ref MemoryReader reader)
    {
        var open = new OpenSessions<T> { _sessions = new T[reader.ReadUpTo(Most)] };
        foreach (ref var session in open._sessions.AsSpan())
        {
            session = T.Load(ref reader);
        }

        return open;
    }
}
