using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>All that the journal says of the registry, up to some place in it, over what the file says. A value: never changed.</summary>
public sealed class RegistryAmendments
{
    private const byte FormatVersion = 1;

    /// <summary>What the journal says.</summary>
    /// <param name="nextOffset">See <see cref="NextOffset"/>.</param>
    /// <param name="entries">See <see cref="Entries"/>.</param>
    public RegistryAmendments(long nextOffset, IReadOnlyList<RegistryEntry> entries)
    {
        NextOffset = nextOffset;
        Entries = entries;
    }

    /// <summary>The journal says nothing.</summary>
    public static RegistryAmendments None { get; } = new(0, []);

    /// <summary>Offset of the journal entry that comes next.</summary>
    public long NextOffset { get; }

    /// <summary>Entries that were added, changed or removed, one for each id.</summary>
    public IReadOnlyList<RegistryEntry> Entries { get; }

    /// <summary>What is in force. O(n log n).</summary>
    /// <param name="declared">What the file says.</param>
    public AgentRegistry Over(AgentRegistry declared)
    {
        if (Entries.Count == 0)
        {
            return declared;
        }

        var amended = Entries.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        return new AgentRegistry(
            declared.Agents.Where(a => !amended.Contains(a.Id)).Concat(Entries.Select(e => e.Agent).OfType<RegisteredAgent>()), declared.Resources);
    }

    internal void Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteVariable((ulong)NextOffset);
        SaveEntries(writer);
    }

    internal static RegistryAmendments Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"Amendments of the registry of format {version} were saved; this version reads format {FormatVersion}.");
        }

        var nextOffset = reader.ReadUnits(1);
        var entries = new RegistryEntry[reader.ReadCount(1)];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = RegistryEntry.Load(ref reader);
        }

        return new RegistryAmendments(nextOffset, entries);
    }

    /// <summary>Whether the entries are the same, wherever in the journal.</summary>
    internal bool SayTheSameAs(RegistryAmendments other)
    {
        if (ReferenceEquals(Entries, other.Entries))
        {
            return true;
        }

        var (mine, others) = (new MemoryWriter(), new MemoryWriter());
        SaveEntries(mine);
        other.SaveEntries(others);
        return mine.Written.SequenceEqual(others.Written);
    }

    private void SaveEntries(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)Entries.Count);
        foreach (var entry in Entries)
        {
            entry.Save(writer);
        }
    }
}
