using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Values that raised an alarm, and when they first and last did: a lasting new regime is accepted, a single day is not. A strong one takes a person.
/// At most 16, the oldest makes room. Owned by one <see cref="LineageMemory"/>.
/// </summary>
internal struct LineageTrials
{
    private const int Most = 16;

    private static readonly TimeSpan Length = TimeSpan.FromDays(3);

    private List<(ulong Value, DateTimeOffset Since, DateTimeOffset Latest, bool IsStrong)>? _values;

    /// <summary>Notes that a value raised an alarm.</summary>
    /// <returns>The value, when that has lasted for so long that it is familiar from now on.</returns>
    public ulong? Try(ulong value, bool isStrong, DateTimeOffset now)
    {
        _values ??= new List<(ulong, DateTimeOffset, DateTimeOffset, bool)>(1);
        var at = _values.FindIndex(trial => trial.Value == value);
        if (at < 0)
        {
            if (_values.Count == Most)
            {
                _values.RemoveAt(0);
            }

            _values.Add((value, now, now, isStrong));
            return null;
        }

        if (!isStrong && !_values[at].IsStrong && now - _values[at].Since >= Length)
        {
            _values.RemoveAt(at);
            return value;
        }

        _values[at] = _values[at] with { Latest = now, IsStrong = isStrong || _values[at].IsStrong };
        return null;
    }

    /// <summary>A person dismissed what was raised since then: what was on trial is familiar, strong or not.</summary>
    public readonly void Accept(DateTimeOffset since, ref RecentNames familiar)
    {
        for (var i = (_values?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (_values![i].Latest >= since)
            {
                familiar.Add(_values[i].Value);
                _values.RemoveAt(i);
            }
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)(_values?.Count ?? 0));
        foreach (var (value, since, latest, isStrong) in _values ?? [])
        {
            writer.WriteUInt64(value);
            writer.WriteTime(since);
            writer.WriteTime(latest);
            writer.WriteBoolean(isStrong);
        }
    }

    public static LineageTrials Load(ref MemoryReader reader)
    {
        var trials = default(LineageTrials);
        for (var left = reader.ReadUpTo(Most); left > 0; left--)
        {
            (trials._values ??= new List<(ulong, DateTimeOffset, DateTimeOffset, bool)>(1)).Add((reader.ReadUInt64(), reader.ReadTime(), reader.ReadTime(), reader.ReadBoolean()));
        }

        return trials;
    }
}
