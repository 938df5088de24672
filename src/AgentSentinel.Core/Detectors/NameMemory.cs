using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// The names of one sort that an agent has used, and how often a call brings a new one. Owned by the agent's
/// <see cref="NoveltyMemory"/> memory. Bounded whatever the number of distinct names: <see cref="SeenSet"/> and 16 names on trial.
/// </summary>
internal sealed class NameMemory
{
    private const int MaxOnTrial = 16;
    private const long TrialHours = 72;
    private const long ToldAgainAfter = 3;
    private const int FirstEpoch = 64;

    // More than can be counted: saved memory that tells of more is damaged.
    private const uint LongestEpoch = 1u << 30;

    private SeenSet _familiar = new();

    // Names of what raised an anomaly, with the hour in which it first did, and the hour in which people were last told of the name; 0 when they never were.
    private List<(ulong Name, long Since, long Told)>? _onTrial;

    // Two epochs, each twice as long as the one before: together they cover at least the newer half of the history.
    private (uint New, uint Calls) _previous;
    private (uint New, uint Calls) _current;
    private uint _epochLength = FirstEpoch;

    /// <summary>Calls that brought a new name, and all calls, over at least the newer half of the history.</summary>
    public (long New, long Calls) Recent => ((long)_previous.New + _current.New, (long)_previous.Calls + _current.Calls);

    /// <summary>Whether any name is on trial.</summary>
    public bool AreOnTrial => _onTrial is { Count: > 0 };

    /// <summary>True when the name is not familiar. Depends on what was learned only.</summary>
    public bool IsUnfamiliar(ulong name) => !_familiar.Contains(name);

    /// <summary>
    /// Whether people know of a name already. What goes on is told again after an hour, then after three times as long as it has been going on: five times in three days.
    /// </summary>
    public bool IsOldNews(ulong name, long hour)
    {
        var trial = TrialOf(name);
        return trial >= 0 && _onTrial![trial] is var (_, since, told) && told > 0 && hour - told < Math.Max(1, ToldAgainAfter * (told - since));
    }

    /// <summary>Learns a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="hour">Now.</param>
    /// <param name="gate">How much may be learned.</param>
    /// <param name="isTold">Whether people are told of it now.</param>
    /// <returns>True when it was new, by the gate's leave or without it.</returns>
    public bool Learn(ulong name, long hour, LearningGate gate, bool isTold)
    {
        if (_familiar.Contains(name))
        {
            return false;
        }

        var trial = TrialOf(name);
        if (trial >= 0)
        {
            var (_, since, told) = _onTrial![trial];
            _onTrial[trial] = (name, since, isTold ? Math.Max(told, hour) : told);
            if (hour - since >= TrialHours)
            {
                _onTrial.RemoveAt(trial);
                _familiar.Add(name);
            }

            return false;
        }

        if (gate == LearningGate.Open)
        {
            _familiar.Add(name);
            return true;
        }

        _onTrial ??= new List<(ulong, long, long)>(1);
        if (_onTrial.Count == MaxOnTrial)
        {
            _onTrial.RemoveAt(0);
        }

        _onTrial.Add((name, hour, isTold ? hour : 0));
        return true;
    }

    /// <summary>What raised alarms from an hour on is familiar.</summary>
    public void Accept(long since)
    {
        for (var i = (_onTrial?.Count ?? 0) - 1; i >= 0; i--)
        {
            var (name, first, told) = _onTrial![i];
            if (Math.Max(first, told) >= since)
            {
                _familiar.Add(name);
                _onTrial.RemoveAt(i);
            }
        }
    }

    /// <summary>Counts a call towards the rate of new names.</summary>
    public void CountCall(bool broughtNew)
    {
        if (_current.Calls == _epochLength)
        {
            _previous = _current;
            _current = default;
            _epochLength = Math.Min(2 * _epochLength, LongestEpoch);
        }

        _current.Calls++;
        _current.New += broughtNew ? 1u : 0;
    }

    /// <summary>Gives the rate of new names less weight; names stay familiar.</summary>
    public void Scale(float weight)
    {
        _previous = (Part(_previous.New), Part(_previous.Calls));
        _current = (Part(_current.New), Part(_current.Calls));

        uint Part(uint count) => (uint)(count * weight);
    }

    public void Save(MemoryWriter writer)
    {
        _familiar.Save(writer);
        writer.WriteVariable((ulong)(_onTrial?.Count ?? 0));
        foreach (var (name, since, told) in _onTrial ?? [])
        {
            writer.WriteUInt64(name);
            writer.WriteVariable((ulong)since);
            writer.WriteVariable((ulong)told);
        }

        writer.WriteVariable(_previous.New);
        writer.WriteVariable(_previous.Calls);
        writer.WriteVariable(_current.New);
        writer.WriteVariable(_current.Calls);
        writer.WriteVariable(_epochLength);
    }

    public void Load(ref MemoryReader reader)
    {
        _familiar = SeenSet.Load(ref reader);
        _onTrial = null;
        for (var left = reader.ReadUpTo(MaxOnTrial); left > 0; left--)
        {
            (_onTrial ??= new List<(ulong, long, long)>(1)).Add((reader.ReadUInt64(), reader.ReadUnits(TimeSpan.TicksPerHour), reader.ReadUnits(TimeSpan.TicksPerHour)));
        }

        _previous = ((uint)reader.ReadUpTo(LongestEpoch), (uint)reader.ReadUpTo(LongestEpoch));
        _current = ((uint)reader.ReadUpTo(LongestEpoch), (uint)reader.ReadUpTo(LongestEpoch));
        _epochLength = (uint)reader.ReadUpTo(LongestEpoch);
        if (_previous.New > _previous.Calls || _current.New > _current.Calls || _current.Calls > _epochLength || _epochLength < FirstEpoch)
        {
            throw reader.Damaged("an epoch that cannot be");
        }
    }

    private int TrialOf(ulong name)
    {
        for (var i = 0; i < (_onTrial?.Count ?? 0); i++)
        {
            if (_onTrial![i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
