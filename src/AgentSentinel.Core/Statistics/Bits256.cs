using System.Numerics;
using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Statistics;

/// <summary>256 bits, as four words: what small filters and counters of names are made of. 32 bytes.</summary>
[InlineArray(Words)]
internal struct Bits256
{
    /// <summary>How many bits there are.</summary>
    public const int Length = Words * BitsOfAWord;

    /// <summary>How many words they make.</summary>
    public const int Words = 4;

    private const int BitsOfAWord = 64;

    private ulong _first;

    /// <summary>How many are set.</summary>
    public readonly int Used
    {
        get
        {
            var used = 0;
            foreach (var word in this)
            {
                used += BitOperations.PopCount(word);
            }

            return used;
        }
    }

    /// <summary>Sets one.</summary>
    /// <param name="bit">From 0 to 255.</param>
    public void Set(int bit) => this[bit / BitsOfAWord] |= 1UL << (bit % BitsOfAWord);

    /// <summary>Writes them, 32 bytes.</summary>
    public readonly void Save(MemoryWriter writer)
    {
        foreach (var word in this)
        {
            writer.WriteUInt64(word);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static Bits256 Load(ref MemoryReader reader)
    {
        var bits = default(Bits256);
        foreach (ref var word in bits)
        {
            word = reader.ReadUInt64();
        }

        return bits;
    }
}
