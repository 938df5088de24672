namespace AgentSentinel.Core.State;

/// <summary>
/// The saved memory of one pipeline, as an engine reads it. To an engine this is part of its memory, only slower:
/// what it reads is exactly what it last wrote, so the fold stays pure.
/// </summary>
public interface IStateReader
{
    /// <summary>Reads one piece.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The bytes; valid until the next call on this reader.</param>
    /// <returns>False when nothing was saved under that name.</returns>
    bool TryRead(StateKey key, out ReadOnlyMemory<byte> value);

    /// <summary>The ids of all pieces of a kind, in ordinal order.</summary>
    IReadOnlyList<string> Ids(StateKind kind);
}
