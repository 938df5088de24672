using System.Numerics;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Counts by key in fixed room, for knowledge whose heavy part is small: an open-addressed table that grows, when a key finds no place, up to its capacity; then it takes
/// the place of the least of the eight keys near its own (the eviction of Space-Saving, Metwally et al. 2005, within a bucket). 6 bytes a place.
/// Owned by one detector's memory.
/// </summary>
internal sealed class BoundedCounts
{
    private const int Reach = 8;
    private const int LeastCapacity = 8;
    private const double MostCount = 2000;

    private readonly int _mostCapacity;
    private uint[] _keys = [];
    private Half[] _counts = [];
    private int _used;

    /// <param name="mostCapacity">Places, a power of two of at least 8.</param>
    public BoundedCounts(int mostCapacity) => _mostCapacity = mostCapacity;

    /// <summary>The count of a key; 0 when it is not here.</summary>
    public double this[ulong key] => _used > 0 && Find(Piece(key)) is >= 0 and var place ? PositiveHalf.Value(_counts[place]) : 0;

    /// <summary>Adds to a key's count. Counts stop at 2,000, where <see cref="Half"/> stops being exact.</summary>
    /// <returns>The count before; 0 when it was not here.</returns>
    public double Add(ulong key, double weight = 1) => Add(key, weight, 1);

    /// <summary>Adds to a key's count, of which only a part is kept: a decayed count.</summary>
    /// <returns>The count before; 0 when it was not here.</returns>
    public double Add(ulong key, double weight, double keep)
    {
        if (_keys.Length == 0)
        {
            Resize(LeastCapacity);
        }

        return Put(Piece(key), weight, keep);
    }

    /// <summary>Keeps only a part of a key's count.</summary>
    public void Fade(ulong key, double keep)
    {
        if (_used > 0 && Find(Piece(key)) is >= 0 and var place)
        {
            Change(place, 0, keep);
        }
    }

    /// <summary>Gives all that was counted less weight; what falls under a half is forgotten.</summary>
    public void Scale(double weight)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            _counts[i] = PositiveHalf.Of(PositiveHalf.Value(_counts[i]) * weight);
            if (_keys[i] != 0 && PositiveHalf.Value(_counts[i]) < 0.5)
            {
                _keys[i] = 0;
                _counts[i] = (Half)0;
                _used--;
            }
        }
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteByte((byte)(_keys.Length == 0 ? 0 : BitOperations.Log2((uint)_keys.Length)));
        writer.WriteVariable((ulong)_used);
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i] != 0)
            {
                writer.WriteVariable((ulong)i);
                writer.WriteUInt32(_keys[i]);
                writer.WriteHalf(_counts[i]);
            }
        }
    }

    public void Load(ref MemoryReader reader)
    {
        var bits = reader.ReadByte();
        var capacity = bits == 0 ? 0 : bits > 30 ? int.MaxValue : 1 << bits;
        if (capacity > _mostCapacity)
        {
            throw reader.Damaged("a table larger than it can be");
        }

        _keys = new uint[capacity];
        _counts = new Half[capacity];
        _used = (int)reader.ReadUpTo(capacity);
        for (var left = _used; left > 0; left--)
        {
            var place = (int)reader.ReadUpTo(capacity - 1);
            var (key, count) = (reader.ReadUInt32(), reader.ReadHalf());
            if (key == 0 || _keys[place] != 0 || !Half.IsFinite(count) || Half.IsNegative(count))
            {
                throw reader.Damaged("a count that cannot be");
            }

            (_keys[place], _counts[place]) = (key, count);
        }
    }

    /// <summary>Never 0, which means "empty". Multiplied first, so that keys that are no fingerprints spread too.</summary>
    private static uint Piece(ulong key) => Math.Max(1u, (uint)((key * 0x9E3779B97F4A7C15) >> 32));

    private int Place(uint piece, int step) => (int)(((piece >> 3) + (uint)step) & (uint)(_keys.Length - 1));

    /// <summary>The place of a key; −1 when it is not here.</summary>
    private int Find(uint piece)
    {
        // Of the smallest table all places are near any key.
        var first = _keys.Length == Reach ? 0 : Place(piece, 0);
        if (first + Reach <= _keys.Length)
        {
            var equal = Vector256.Equals(Vector256.LoadUnsafe(ref _keys[0], (nuint)first), Vector256.Create(piece)).ExtractMostSignificantBits();
            return equal == 0 ? -1 : first + BitOperations.TrailingZeroCount(equal);
        }

        for (var i = 0; i < Reach; i++)
        {
            if (_keys[Place(piece, i)] == piece)
            {
                return Place(piece, i);
            }
        }

        return -1;
    }

    /// <summary>Of the places near a key that which is empty or has the least count.</summary>
    private int Least(uint piece)
    {
        var least = Place(piece, 0);
        for (var i = 1; i < Reach && _keys[least] != 0; i++)
        {
            var place = Place(piece, i);
            least = _keys[place] == 0 || _counts[place] < _counts[least] ? place : least;
        }

        return least;
    }

    private double Put(uint piece, double weight, double keep = 1)
    {
        if (Find(piece) is >= 0 and var found)
        {
            return Change(found, weight, keep);
        }

        var least = Least(piece);
        if (_keys[least] != 0 && _keys.Length < _mostCapacity)
        {
            Resize(_keys.Length * 2);
            return Put(piece, weight);
        }

        _used += _keys[least] == 0 ? 1 : 0;
        _keys[least] = piece;
        _counts[least] = PositiveHalf.Of(Math.Min(weight, MostCount));
        return 0;
    }

    private double Change(int place, double weight, double keep)
    {
        var count = PositiveHalf.Value(_counts[place]);
        _counts[place] = PositiveHalf.Of(Math.Min(count + (weight - (count * (1 - keep))), MostCount));
        return count;
    }

    private void Resize(int capacity)
    {
        var (keys, counts) = (_keys, _counts);
        (_keys, _counts, _used) = (new uint[capacity], new Half[capacity], 0);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                Put(keys[i], PositiveHalf.Value(counts[i]));
            }
        }
    }
}
