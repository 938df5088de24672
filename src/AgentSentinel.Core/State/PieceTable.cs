namespace AgentSentinel.Core.State;

/// <summary>Living objects of one kind by id, in ordinal order, of which a save writes only those that changed. Owned by an engine.</summary>
internal sealed class PieceTable<T>(StateKind kind)
    where T : class, IPiece<T>
{
    private readonly SortedDictionary<string, T> _pieces = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, T> All => _pieces;

    public T? Find(string id) => _pieces.GetValueOrDefault(id);

    public void Add(string id, T piece)
    {
        _pieces.Add(id, piece);
        _changed.Add(id);
    }

    public void Changed(string id) => _changed.Add(id);

    public void Remove(string id)
    {
        _pieces.Remove(id);
        _changed.Add(id);
    }

    public void Save(IStateWriter writer, MemoryWriter scratch)
    {
        foreach (var id in _changed)
        {
            var key = new StateKey(kind, id);
            if (Find(id) is { } piece)
            {
                scratch.Clear();
                piece.Save(scratch);
                writer.Write(key, scratch.Written);
            }
            else
            {
                writer.Remove(key);
            }
        }

        _changed.Clear();
    }

    public void Load(IStateReader saved)
    {
        foreach (var id in saved.Ids(kind))
        {
            if (saved.TryRead(new StateKey(kind, id), out var bytes))
            {
                var reader = new MemoryReader(bytes.Span);
                _pieces.Add(id, T.Load(ref reader));
            }
        }
    }
}
