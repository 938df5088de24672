using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>Where a session stands in its sequence of calls. Position, not knowledge. 48 bytes.</summary>
internal struct SequencePosition : IOpenSession<SequencePosition>
{
    // No probability that is computed here is smaller.
    private const float MostSurprise = 400;

    public ulong Id;
    public long LastTicks;

    /// <summary>Tool of the last call, mixed with whether it failed; 0 at the beginning.</summary>
    public ulong Before;

    /// <summary>Surprise beyond the usual of the three calls before, the latest first.</summary>
    public float First;
    public float Second;
    public float Third;

    public bool HasReadForeign;

    public static long IdleAfter => OpenSessions<SequencePosition>.LongestSilence / 4;

    readonly ulong IOpenSession<SequencePosition>.Id => Id;

    readonly long IOpenSession<SequencePosition>.LastTicks => LastTicks;

    public void Add(double surprise) => (First, Second, Third) = ((float)Math.Min(surprise, MostSurprise), First, Second);

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteVariable((ulong)LastTicks);
        writer.WriteUInt64(Before);
        writer.WriteSingle(First);
        writer.WriteSingle(Second);
        writer.WriteSingle(Third);
        writer.WriteBoolean(HasReadForeign);
    }

    public static SequencePosition Load(ref MemoryReader reader)
    {
        var position = new SequencePosition
        {
            Id = reader.ReadUInt64(),
            LastTicks = reader.ReadUpTo(DateTimeOffset.MaxValue.UtcTicks),
            Before = reader.ReadUInt64(),
            First = reader.ReadSingle(),
            Second = reader.ReadSingle(),
            Third = reader.ReadSingle(),
            HasReadForeign = reader.ReadBoolean(),
        };
        return IsSurprise(position.First) && IsSurprise(position.Second) && IsSurprise(position.Third)
            ? position
            : throw reader.Damaged("a surprise that cannot be");
    }

    private static bool IsSurprise(float value) => value is >= 0 and <= MostSurprise;
}
