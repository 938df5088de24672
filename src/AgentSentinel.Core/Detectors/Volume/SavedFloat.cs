using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Reads numbers that were saved short, and refuses those that their owner cannot have.</summary>
internal static class SavedFloat
{
    /// <summary>Four bytes within a range; NaN is in none.</summary>
    public static float Read(ref MemoryReader reader, double least, double most)
    {
        var value = reader.ReadSingle();
        return value >= least && value <= most ? value : throw reader.Damaged("a number that its owner cannot have");
    }

    /// <summary>Two bytes, finite and not negative.</summary>
    public static Half ReadHalf(ref MemoryReader reader)
    {
        var value = reader.ReadHalf();
        return Half.IsFinite(value) && !Half.IsNegative(value) ? value : throw reader.Damaged("a number that its owner cannot have");
    }
}
