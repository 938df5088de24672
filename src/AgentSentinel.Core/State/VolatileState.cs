namespace AgentSentinel.Core.State;

/// <summary>
/// Saved memory that is gone with the process: for replays of files, evaluations and tests.
/// One owner, one thread. Grows with the number of distinct keys.
/// </summary>
public sealed class VolatileState : IStateReader, IStateWriter
{
    private readonly Dictionary<StateKey, byte[]> _pieces = [];

    /// <summary>How many pieces are saved.</summary>
    public int Count => _pieces.Count;

    /// <summary>Everything that is saved, by kind and then by id in ordinal order. O(n log n).</summary>
    public IEnumerable<(StateKey Key, ReadOnlyMemory<byte> Value)> Pieces => _pieces
        .OrderBy(piece => piece.Key.Kind)
        .ThenBy(piece => piece.Key.Id, StringComparer.Ordinal)
        .Select(piece => (piece.Key, new ReadOnlyMemory<byte>(piece.Value)));

    /// <inheritdoc />
    public bool TryRead(StateKey key, out ReadOnlyMemory<byte> value)
    {
        var found = _pieces.TryGetValue(key, out var bytes);
        value = bytes;
        return found;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Ids(StateKind kind)
    {
        var ids = new List<string>();
        foreach (var key in _pieces.Keys)
        {
            if (key.Kind == kind)
            {
                ids.Add(key.Id);
            }
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <inheritdoc />
    public void Write(StateKey key, ReadOnlySpan<byte> value) => _pieces[key] = value.ToArray();

    /// <inheritdoc />
    public void Remove(StateKey key) => _pieces.Remove(key);
}
