using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detection;

/// <summary>
/// Where an agent raised alarms lately: sessions, and for calls that name none the hour that follows. Nothing of that is learned as ordinary, however
/// harmless each further call looks. At most 16 sessions, by fingerprint. Owned by the agent's profile.
/// </summary>
internal sealed class Quarantine
{
    private const int MostSessions = 16;

    private static readonly TimeSpan EpisodeLength = TimeSpan.FromHours(1);

    private ulong[] _sessions = [];
    private DateTimeOffset _until;

    /// <summary>A call raised an alarm.</summary>
    public void Begin(ToolCall call, FingerprintKey key)
    {
        if (call.SessionId is null)
        {
            _until = call.Time + EpisodeLength;
        }
        else if (!Holds(call, key))
        {
            _sessions = [.. _sessions.AsSpan(_sessions.Length == MostSessions ? 1 : 0), Fingerprint.Of(key, call.SessionId)];
        }
    }

    /// <summary>Whether a call belongs to what raised an alarm.</summary>
    public bool Holds(ToolCall call, FingerprintKey key) => call.SessionId is null
        ? call.Time < _until
        : _sessions.Length > 0 && Array.IndexOf(_sessions, Fingerprint.Of(key, call.SessionId)) >= 0;

    /// <summary>It was harmless.</summary>
    public void End() => (_sessions, _until) = ([], default);

    public void Save(MemoryWriter writer)
    {
        writer.WriteTime(_until);
        writer.WriteVariable((ulong)_sessions.Length);
        foreach (var session in _sessions)
        {
            writer.WriteUInt64(session);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        _until = reader.ReadTime();
        _sessions = new ulong[reader.ReadUpTo(MostSessions)];
        for (var i = 0; i < _sessions.Length; i++)
        {
            _sessions[i] = reader.ReadUInt64();
        }
    }
}
