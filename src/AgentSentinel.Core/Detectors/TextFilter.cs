using System.Buffers;
using System.Numerics;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Which words and pairs of words a text has: a Bloom filter in blocks of one machine word (Putze, Sanders and Singler 2007), five bits for each, about as many
/// bytes as the text. Of what the text does not have, one in a thousand is taken to be there; in a text too long for its filter, more, up to everything:
/// it errs towards "it came from there", and whoever has more to add is to ask whether it <see cref="IsFull"/>. Nothing of the text can be read from it without
/// the key. Owned by one <see cref="LineageSession"/>, which releases it: sessions come and go with each request, and their memory is used again.
/// </summary>
internal sealed class TextFilter
{
    public const int LeastBytes = 64;
    public const int MostBytes = 1 << 16;

    private const int MostFormer = 64;

    // Rented: may be longer than the filter.
    private readonly ulong[] _words;
    private readonly int _length;

    /// <param name="bytes">Its size: rounded up to a power of two within the limits.</param>
    /// <param name="former">The filter of what came before in the same text, or null.</param>
    public TextFilter(int bytes, TextFilter? former = null)
    {
        Former = former;
        _length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(bytes, LeastBytes, MostBytes)) / sizeof(ulong);
        _words = ArrayPool<ulong>.Shared.Rent(_length);
        Words.Clear();
    }

    /// <summary>Its size, that of its former ones included.</summary>
    public int Bytes => (_length * sizeof(ulong)) + (Former?.Bytes ?? 0);

    /// <summary>A quarter of its bits are set, as one text of its own size does: with much more it would soon take everything to be there. Reads the whole filter.</summary>
    public bool IsFull
    {
        get
        {
            var set = 0;
            foreach (var word in Words)
            {
                set += BitOperations.PopCount(word);
            }

            return set > _length * 16;
        }
    }

    /// <summary>The filter of what came before in the same text; null for none.</summary>
    public TextFilter? Former { get; private set; }

    private Span<ulong> Words => _words.AsSpan(0, _length);

    public void Add(ulong token) => _words[Place(token)] |= Bits(token);

    public bool Contains(ulong token) => (Bits(token) is var bits && (_words[Place(token)] & bits) == bits) || Former?.Contains(token) == true;

    /// <summary>Gives the memory back. Neither this nor a former one is to be asked afterwards.</summary>
    public void Release()
    {
        ArrayPool<ulong>.Shared.Return(_words);
        Former?.Release();
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteByte((byte)BitOperations.Log2((uint)_length));
        foreach (var word in Words)
        {
            writer.WriteVariable(word);
        }

        writer.WriteBoolean(Former is not null);
        Former?.Save(writer);
    }

    public static TextFilter Load(ref MemoryReader reader) => Load(ref reader, MostFormer);

    private static TextFilter Load(ref MemoryReader reader, int mostFormer)
    {
        var bits = reader.ReadByte();
        if (bits > BitOperations.Log2(MostBytes / sizeof(ulong)) || bits < BitOperations.Log2(LeastBytes / sizeof(ulong)))
        {
            throw reader.Damaged("a filter that cannot be");
        }

        var filter = new TextFilter(sizeof(ulong) << bits);
        foreach (ref var word in filter.Words)
        {
            word = reader.ReadVariable();
        }

        filter.Former = !reader.ReadBoolean() ? null : mostFormer > 0 ? Load(ref reader, mostFormer - 1) : throw reader.Damaged("a filter with too many former ones");
        return filter;
    }

    /// <summary>The upper bits choose the word, the lower thirty the bits in it.</summary>
    private int Place(ulong token) => (int)(token >> 40) & (_length - 1);

    private static ulong Bits(ulong token) =>
        (1UL << (int)(token & 63)) | (1UL << (int)((token >> 6) & 63)) | (1UL << (int)((token >> 12) & 63)) | (1UL << (int)((token >> 18) & 63)) | (1UL << (int)((token >> 24) & 63));
}
