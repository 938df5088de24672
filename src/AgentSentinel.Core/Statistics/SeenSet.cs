using System.Numerics;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Statistics;

/// <summary>
/// Which names an agent has used, by fingerprint, in at most 320 bytes (objects and headers included). Up to 48 it is a sorted list of 32-bit pieces
/// of the fingerprints: a new name is wrongly called seen once in 9e7 questions. The 49th turns it into a Bloom filter (Bloom 1970) of 2048 bits and 4 bits a name,
/// which errs only that way too, at <see cref="FalsePositiveRate"/>: 0.007 % at 49 names, 0.1 % at 100, 1.1 % at 200, 4 % at 300, 15 % at 500.
/// A name once added is always seen. The same names in any order give the same bytes. Owned by one detector's memory.
/// </summary>
public sealed class SeenSet
{
    /// <summary>Names that are kept exactly.</summary>
    public const int ExactLimit = 48;

    private const int RoomStep = 8;
    private const int FilterBits = 2048;
    private const int FilterWords = FilterBits / 32;
    private const int BitsEach = 4;
    private const byte FilterMark = 255;

    // Exact: sorted pieces, then room for up to seven. Filter: FilterWords words. The length says which.
    private uint[] _slots = [];

    // Exact: pieces. Filter: bits that are set.
    private int _used;

    /// <summary>Whether the set has become a filter.</summary>
    public bool IsApproximate => _slots.Length == FilterWords;

    /// <summary>Names added: exact up to 48, then <see cref="EstimatedCount"/> rounded.</summary>
    public int Count => IsApproximate ? (int)Math.Round(EstimatedCount) : _used;

    /// <summary>
    /// Names added by linear counting (Whang et al. 1990): −(m/k) ln(1 − bits set / m), standard error 1.6 % at 100, 2 % at 800, 3 % at 1500;
    /// at most 3904, which means "full". Exact up to 48.
    /// </summary>
    public double EstimatedCount => IsApproximate
        ? -(double)FilterBits / BitsEach * Math.Log(1 - Math.Min(_used, FilterBits - 1) / (double)FilterBits)
        : _used;

    /// <summary>The probability that a name never added is called seen: (bits set / m)^k for a filter, n / 2^32 for a list.</summary>
    public double FalsePositiveRate => IsApproximate ? Math.Pow(_used / (double)FilterBits, BitsEach) : _used / 4294967296.0;

    /// <summary>Reads a set that <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At the set.</param>
    /// <exception cref="MemoryFormatException">It is not a set.</exception>
    public static SeenSet Load(ref MemoryReader reader)
    {
        var set = new SeenSet();
        byte mark = reader.ReadByte();
        if (mark == FilterMark)
        {
            set._slots = new uint[FilterWords];
            for (int i = 0; i < FilterWords; i++)
            {
                set._slots[i] = reader.ReadUInt32();
                set._used += BitOperations.PopCount(set._slots[i]);
            }

            return set;
        }

        if (mark > ExactLimit)
        {
            throw reader.Damaged("a set of more names than it can list");
        }

        set._slots = mark == 0 ? [] : new uint[RoomFor(mark)];
        for (int i = 0; i < mark; i++)
        {
            uint piece = reader.ReadUInt32();
            if (i > 0 && piece <= set._slots[i - 1])
            {
                throw reader.Damaged("a set that is not in order");
            }

            set._slots[i] = piece;
        }

        set._used = mark;
        return set;
    }

    /// <summary>Writes the set: 1 + 4 n bytes as a list, 257 as a filter.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte(IsApproximate ? FilterMark : (byte)_used);
        foreach (uint slot in _slots.AsSpan(0, IsApproximate ? FilterWords : _used))
        {
            writer.WriteUInt32(slot);
        }
    }

    /// <summary>Whether the name was added, up to <see cref="FalsePositiveRate"/>. About 5 ns.</summary>
    /// <param name="fingerprint">Its fingerprint.</param>
    public bool Contains(ulong fingerprint)
    {
        uint piece = PieceOf(fingerprint);
        return IsApproximate ? FilterContains(piece) : _slots.AsSpan(0, _used).Contains(piece);
    }

    /// <summary>Adds a name. Allocates when the list grows, by eight names, and when it becomes a filter.</summary>
    /// <param name="fingerprint">Its fingerprint.</param>
    /// <returns>True when it was not there.</returns>
    public bool Add(ulong fingerprint)
    {
        uint piece = PieceOf(fingerprint);
        if (IsApproximate)
        {
            return FilterAdd(piece);
        }

        int place = ~_slots.AsSpan(0, _used).BinarySearch(piece);
        if (place < 0)
        {
            return false;
        }

        if (_used == ExactLimit)
        {
            BecomeFilter();
            return FilterAdd(piece);
        }

        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, RoomFor(_used + 1));
        }

        Array.Copy(_slots, place, _slots, place + 1, _used - place);
        _slots[place] = piece;
        _used++;
        return true;
    }

    /// <summary>Forgets everything and lets the memory go.</summary>
    public void Clear()
    {
        _slots = [];
        _used = 0;
    }

    private static int RoomFor(int count) => (count + RoomStep - 1) / RoomStep * RoomStep;

    /// <summary>Multiplied first, so that numbers that are no fingerprints spread too (Fibonacci hashing).</summary>
    private static uint PieceOf(ulong fingerprint) => (uint)((fingerprint * 0x9E3779B97F4A7C15) >> 32);

    /// <summary>Four places of 11 bits each out of one piece (finaliser of SplitMix64, Steele et al. 2014).</summary>
    private static ulong PlacesOf(uint piece)
    {
        ulong z = piece + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private void BecomeFilter()
    {
        uint[] pieces = _slots;
        _slots = new uint[FilterWords];
        _used = 0;
        foreach (uint piece in pieces)
        {
            FilterAdd(piece);
        }
    }

    private bool FilterContains(uint piece)
    {
        ulong places = PlacesOf(piece);
        for (int i = 0; i < BitsEach; i++, places >>= 11)
        {
            int place = (int)(places & (FilterBits - 1));
            if ((_slots[place >> 5] & (1u << (place & 31))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool FilterAdd(uint piece)
    {
        ulong places = PlacesOf(piece);
        int before = _used;
        for (int i = 0; i < BitsEach; i++, places >>= 11)
        {
            int place = (int)(places & (FilterBits - 1));
            uint bit = 1u << (place & 31);
            if ((_slots[place >> 5] & bit) == 0)
            {
                _slots[place >> 5] |= bit;
                _used++;
            }
        }

        return _used != before;
    }
}
