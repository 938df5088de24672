using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Response;

/// <summary>
/// Ids of the journal entries processed lately, as fingerprints: a pipeline that restarts may write an entry again.
/// Owned by the <c>ResponseEngine</c>. 400 KB when full; a save writes only the pieces that changed, 2 KB each.
/// </summary>
/// <remarks>A repeat follows its original within what one pipeline processes between two checkpoints, so the newest 16,384 ids are enough.</remarks>
internal sealed class ProcessedIds
{
    private const int PieceLength = 256;
    private const int Pieces = 64;
    private const int Capacity = PieceLength * Pieces;

    // The journal is written by the service alone: nobody can aim at a collision, and every instance must agree.
    private static readonly FingerprintKey Key = new(0, 0);

    private readonly ulong[] _ring = new ulong[Capacity];
    private readonly HashSet<ulong> _known = [];
    private readonly SortedSet<int> _changed = [];
    private long _added;

    /// <summary>Notes an id.</summary>
    /// <returns>False when it was processed before.</returns>
    public bool Add(string id)
    {
        var fingerprint = Fingerprint.Of(Key, id);
        if (!_known.Add(fingerprint))
        {
            return false;
        }

        var slot = (int)(_added % Capacity);
        if (_added >= Capacity)
        {
            _known.Remove(_ring[slot]);
        }

        _ring[slot] = fingerprint;
        _changed.Add(slot / PieceLength);
        _added++;
        return true;
    }

    public void Save(IStateWriter writer, MemoryWriter scratch)
    {
        foreach (var piece in _changed)
        {
            scratch.Clear();
            scratch.WriteVariable((ulong)AddedUpTo(piece));
            for (var i = 0; i < PieceLength; i++)
            {
                scratch.WriteUInt64(_ring[(piece * PieceLength) + i]);
            }

            writer.Write(KeyOf(piece), scratch.Written);
        }

        _changed.Clear();
    }

    public void Load(IStateReader saved)
    {
        for (var piece = 0; piece < Pieces && saved.TryRead(KeyOf(piece), out var bytes); piece++)
        {
            var reader = new MemoryReader(bytes.Span);
            _added = Math.Max(_added, reader.ReadInt64());
            for (var i = 0; i < PieceLength; i++)
            {
                _ring[(piece * PieceLength) + i] = reader.ReadUInt64();
            }
        }

        for (var i = 0; i < Math.Min(_added, Capacity); i++)
        {
            _known.Add(_ring[i]);
        }
    }

    /// <summary>How many ids had been added when this piece got its latest: what it says must not depend on when it is saved.</summary>
    private long AddedUpTo(int piece)
    {
        var newest = (_added - 1) / PieceLength;
        var older = ((newest % Pieces) - piece + Pieces) % Pieces;
        return older == 0 ? _added : (newest - older + 1) * PieceLength;
    }

    private static StateKey KeyOf(int piece) => new(StateKind.ProcessedIds, piece.ToString("00", System.Globalization.CultureInfo.InvariantCulture));
}
