using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// The few tools or datasets that an agent calls most, by fingerprint: how often in the long run and how often in the last minutes. 56 bytes.
/// </summary>
/// <remarks>
/// Four places; a name that has none takes that of the lightest (Space-Saving; Metwally et al. 2005), whose recent weight decides, so that what is heavy now is
/// always there. Long weights fade over about a thousand calls, recent ones by half in five minutes.
/// </remarks>
internal struct HeavyNames
{
    private const int Places = 4;
    private const double LongKeep = 0.999;
    private const double RecentHalfLifeMinutes = 5;
    private const double Most = 1e9;

    // After 0, 1, 2 … minutes.
    private static readonly float[] Kept = [.. Enumerable.Range(0, 30).Select(minutes => (float)Math.Pow(2, -minutes / RecentHalfLifeMinutes))];

    private Entries _entries;
    private float _all;
    private float _allRecent;

    /// <summary>How far a name's share in the last minutes is over its usual one; 0 when it is not most of what was called.</summary>
    public readonly double Lift(uint name)
    {
        foreach (ref readonly var entry in (ReadOnlySpan<Entry>)_entries)
        {
            if (entry.Name == name && _allRecent > 0 && entry.Recent >= _allRecent / 2)
            {
                return (entry.Recent / _allRecent) - (_all > 0 ? 0.999 * entry.Long / _all : 0);
            }
        }

        return 0;
    }

    /// <summary>Counts a call.</summary>
    public void Add(uint name)
    {
        var place = -1;
        for (var i = 0; i < Places; i++)
        {
            ref var entry = ref _entries[i];
            entry.Long *= (float)LongKeep;
            place = entry.Name == name ? i : place;
        }

        if (place < 0)
        {
            place = Lightest();
            _entries[place] = new Entry { Name = name };
        }

        _entries[place].Long++;
        _entries[place].Recent++;
        _all = (float)((_all * LongKeep) + 1);
        _allRecent++;
    }

    /// <summary>What is left of recent weights after some minutes.</summary>
    public static float KeptAfter(long minutes) => minutes < Kept.Length ? Kept[minutes] : (float)Math.Pow(2, -minutes / RecentHalfLifeMinutes);

    /// <summary>Lets minutes pass.</summary>
    /// <param name="kept">What they leave: see <see cref="KeptAfter"/>.</param>
    public void Pass(float kept)
    {
        foreach (ref var entry in (Span<Entry>)_entries)
        {
            entry.Recent *= kept;
        }

        _allRecent *= kept;
    }

    public readonly void Save(MemoryWriter writer)
    {
        foreach (ref readonly var entry in (ReadOnlySpan<Entry>)_entries)
        {
            writer.WriteUInt32(entry.Name);
            writer.WriteSingle(entry.Long);
            writer.WriteSingle(entry.Recent);
        }

        writer.WriteSingle(_all);
        writer.WriteSingle(_allRecent);
    }

    public void Load(ref MemoryReader reader)
    {
        foreach (ref var entry in (Span<Entry>)_entries)
        {
            entry.Name = reader.ReadUInt32();
            entry.Long = SavedFloat.Read(ref reader, 0, Most);
            entry.Recent = SavedFloat.Read(ref reader, 0, Most);
        }

        _all = SavedFloat.Read(ref reader, 0, Most);
        _allRecent = SavedFloat.Read(ref reader, 0, Most);
    }

    private readonly int Lightest()
    {
        var lightest = 0;
        for (var i = 1; i < Places; i++)
        {
            lightest = _entries[i].Weight < _entries[lightest].Weight ? i : lightest;
        }

        return lightest;
    }

    private struct Entry
    {
        public uint Name;
        public float Long;
        public float Recent;

        public readonly float Weight => Recent + (Long / 100);
    }

    [InlineArray(Places)]
    private struct Entries
    {
        private Entry _first;
    }
}
