using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Names used lately, by fingerprint: two generations of <see cref="SeenSet"/>. When the younger one holds 256 names it takes the older one's place,
/// so that a stream of ever new names never makes every name look familiar: at most 2 % of unknown names are. At most 650 bytes. Owned by one detector's memory.
/// </summary>
internal struct RecentNames
{
    private const int PerGeneration = 128;

    private SeenSet? _young;
    private SeenSet? _old;

    public readonly bool Contains(ulong name) => (_young?.Contains(name) ?? false) || (_old?.Contains(name) ?? false);

    /// <summary>Adds a name, or keeps it from being forgotten.</summary>
    public void Add(ulong name)
    {
        _young ??= new SeenSet();
        if (_young.Add(name) && _young.Count >= PerGeneration)
        {
            (_old, _young) = (_young, new SeenSet());
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        foreach (var generation in (SeenSet?[])[_young, _old])
        {
            writer.WriteBoolean(generation is not null);
            generation?.Save(writer);
        }
    }

    public static RecentNames Load(ref MemoryReader reader) => new()
    {
        _young = reader.ReadBoolean() ? SeenSet.Load(ref reader) : null,
        _old = reader.ReadBoolean() ? SeenSet.Load(ref reader) : null,
    };
}
