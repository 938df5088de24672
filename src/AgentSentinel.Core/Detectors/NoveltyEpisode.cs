using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>What is new in one session, or in one hour of calls without session. Position, not knowledge. 96 bytes.</summary>
internal struct NoveltyEpisode
{
    public const long LongestSilence = TimeSpan.TicksPerHour;

    // More than one session can hold: saved memory that tells of more is damaged.
    private const int Most = 1_000_000_000;

    public ulong Id;
    public long LastTicks;
    public int Calls;
    public int NewTools;
    public int NewResources;
    public int NewPlaces;
    public float ExpectedTools;
    public float ExpectedResources;
    public float ExpectedPlaces;

    /// <summary>A result was read that somebody outside could have written, or it is not known who.</summary>
    public bool HasReadForeign;

    // Pieces of the last eight unfamiliar names that were counted, as a shift register.
    private UInt128 _newer;
    private UInt128 _older;

    /// <summary>Whether an unfamiliar name was counted here lately: the same name is not new twice.</summary>
    public readonly bool HasCounted(ulong name)
    {
        var piece = (uint)name;
        for (var shift = 0; shift < 128; shift += 32)
        {
            if ((uint)(_newer >> shift) == piece || (uint)(_older >> shift) == piece)
            {
                return true;
            }
        }

        return false;
    }

    public void Count(ulong name)
    {
        _older = (_older << 32) | (_newer >> 96);
        _newer = (_newer << 32) | (uint)name;
    }

    public readonly bool IsOver(long now) => now - LastTicks > LongestSilence;

    /// <summary>It may go on, and gives way to one that does: room is made only while all are in use.</summary>
    public readonly bool IsIdle(long now) => now - LastTicks > LongestSilence / 4;

    public readonly int New(int feature) => feature switch { Novelty.Tools => NewTools, Novelty.Resources => NewResources, _ => NewPlaces };

    public readonly double Expected(int feature) => feature switch { Novelty.Tools => ExpectedTools, Novelty.Resources => ExpectedResources, _ => ExpectedPlaces };

    public static bool IsForeign(ToolCall call) => call.ResultSource != SourceTrust.Trusted && !call.HasFailed;

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteVariable((ulong)LastTicks);
        writer.WriteVariable((ulong)Calls);
        writer.WriteVariable((ulong)NewTools);
        writer.WriteVariable((ulong)NewResources);
        writer.WriteVariable((ulong)NewPlaces);
        writer.WriteSingle(ExpectedTools);
        writer.WriteSingle(ExpectedResources);
        writer.WriteSingle(ExpectedPlaces);
        writer.WriteBoolean(HasReadForeign);
        writer.WriteUInt64((ulong)_newer);
        writer.WriteUInt64((ulong)(_newer >> 64));
        writer.WriteUInt64((ulong)_older);
        writer.WriteUInt64((ulong)(_older >> 64));
    }

    public static NoveltyEpisode Load(ref MemoryReader reader)
    {
        var episode = new NoveltyEpisode
        {
            Id = reader.ReadUInt64(),
            LastTicks = reader.ReadUpTo(DateTimeOffset.MaxValue.UtcTicks),
            Calls = (int)reader.ReadUpTo(Most),
            NewTools = (int)reader.ReadUpTo(Most),
            NewResources = (int)reader.ReadUpTo(Most),
            NewPlaces = (int)reader.ReadUpTo(Most),
            ExpectedTools = reader.ReadSingle(),
            ExpectedResources = reader.ReadSingle(),
            ExpectedPlaces = reader.ReadSingle(),
            HasReadForeign = reader.ReadBoolean(),
            _newer = reader.ReadUInt64() | ((UInt128)reader.ReadUInt64() << 64),
            _older = reader.ReadUInt64() | ((UInt128)reader.ReadUInt64() << 64),
        };
        return IsCount(episode.ExpectedTools) && IsCount(episode.ExpectedResources) && IsCount(episode.ExpectedPlaces)
            ? episode
            : throw reader.Damaged("an expectation that cannot be");
    }

    private static bool IsCount(float value) => value is >= 0 and <= Most;
}
