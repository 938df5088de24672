using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detection;

/// <summary>The credentials that an agent used last, by fingerprint: at most 16. Owned by its profile.</summary>
internal sealed class KnownCredentials
{
    private const int Most = 16;

    // Made-up credentials must not flood the journal.
    private const int MostADay = 8;

    private ulong[] _known = [];
    private long _day;
    private int _today;

    /// <summary>Notes a credential.</summary>
    /// <param name="credential">Its fingerprint.</param>
    /// <param name="day">Number of the day.</param>
    /// <returns>True when it was not known, for the first eight of a day.</returns>
    public bool Add(ulong credential, long day)
    {
        if (Array.IndexOf(_known, credential) >= 0)
        {
            return false;
        }

        _known = [.. _known.AsSpan(_known.Length == Most ? 1 : 0), credential];
        (_day, _today) = day > _day ? (day, 0) : (_day, _today);
        return _today++ < MostADay;
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_day);
        writer.WriteVariable((ulong)_today);
        writer.WriteVariable((ulong)_known.Length);
        foreach (var credential in _known)
        {
            writer.WriteUInt64(credential);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        _day = reader.ReadUnits(TimeSpan.TicksPerDay);
        _today = reader.ReadInt32();
        _known = new ulong[reader.ReadUpTo(Most)];
        for (var i = 0; i < _known.Length; i++)
        {
            _known[i] = reader.ReadUInt64();
        }
    }
}
