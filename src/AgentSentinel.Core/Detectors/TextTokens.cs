using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// The words of a text as keyed fingerprints, one after the other: runs of letters and digits, ASCII case folded, everything else separates.
/// Reads UTF-8, plain or as the inside of a JSON string with its escapes. Nothing of the text is kept.
/// </summary>
/// <remarks>
/// A word's fingerprint is a product of its bytes, eight at a time, with a secret factor and start, folded: without the key nobody can find a word from
/// it. About 1 ns a byte: <see cref="Fingerprint"/> would take five times as long over the contents of results.
/// </remarks>
/// <param name="key">The deployment's key.</param>
/// <param name="text">UTF-8.</param>
/// <param name="isEscaped">Whether it is the inside of a JSON string.</param>
internal ref struct TextTokens(FingerprintKey key, ReadOnlySpan<byte> text, bool isEscaped)
{
    private const int LongestAssembled = 128;
    private const ulong CaseBits = 0x2020202020202020;
    private const ulong HighBits = 0x8080808080808080;

    // 1 for bytes that belong to words: letters, digits, and everything beyond ASCII.
    private static readonly byte[] InWords = CreateInWords();

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ulong _start = key.K0 ^ 0x2545F4914F6CDD1D;
    private readonly ulong _factor = (key.K1 ^ 0xD1342543DE82EF95) | 1;
    private int _position;

    /// <summary>The fingerprint of two words in a row.</summary>
    public static ulong Pair(ulong first, ulong second) => Fold(BitOperations.RotateLeft(first, 23) ^ second);

    /// <summary>Reads the next word.</summary>
    public bool TryRead(out ulong token)
    {
        var text = _text;
        var i = _position;
        while (i < text.Length)
        {
            if (InWords[text[i]] != 0)
            {
                var end = EndOfWord(text, i);
                if (isEscaped && end < text.Length && text[end] == '\\' && TryUnescape(text, end, out _, out _))
                {
                    return Assemble(text, i, out token);
                }

                token = HashOf(text, i, end);
                _position = end;
                return true;
            }

            if (isEscaped && text[i] == '\\')
            {
                if (TryUnescape(text, i, out _, out var step))
                {
                    return Assemble(text, i, out token);
                }

                i += step;
            }
            else
            {
                i++;
            }
        }

        _position = text.Length;
        token = 0;
        return false;
    }

    private static int EndOfWord(ReadOnlySpan<byte> text, int at)
    {
        var inWords = InWords;
        while (at < text.Length && inWords[text[at]] != 0)
        {
            at++;
        }

        return at;
    }

    private static ulong Fold(ulong hash)
    {
        var high = Math.BigMul(hash ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }

    /// <summary>An escape that spells a letter or digit; what spells anything else, or half a pair, separates.</summary>
    private static bool TryUnescape(ReadOnlySpan<byte> text, int at, out char letter, out int length)
    {
        (letter, length) = ('\0', 2);
        if (at + 6 > text.Length || text[at + 1] != 'u')
        {
            return false;
        }

        var unit = 0;
        foreach (var digit in text.Slice(at + 2, 4))
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        (letter, length) = ((char)unit, 6);
        return !char.IsSurrogate(letter) && char.IsLetterOrDigit(letter);
    }

    /// <summary>A word of which escapes are a part. What is over 128 bytes of it counts as further words.</summary>
    private bool Assemble(ReadOnlySpan<byte> text, int at, out ulong token)
    {
        Span<byte> word = stackalloc byte[LongestAssembled];
        var length = 0;
        while (at < text.Length && length < LongestAssembled - 4)
        {
            if (InWords[text[at]] != 0)
            {
                word[length++] = text[at++];
            }
            else if (text[at] == '\\' && TryUnescape(text, at, out var letter, out var step))
            {
                length += new Rune(letter).EncodeToUtf8(word[length..]);
                at += step;
            }
            else
            {
                break;
            }
        }

        _position = at;
        token = HashOf(word, 0, length);
        return true;
    }

    private readonly ulong HashOf(ReadOnlySpan<byte> text, int begin, int end)
    {
        var hash = _start ^ (ulong)(end - begin);
        for (; end - begin > sizeof(ulong); begin += sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text[begin..]), CaseBits);
        }

        var unused = 64 - (8 * (end - begin));
        return Fold(Mix(hash, Last(text, begin, end) & (ulong.MaxValue >> unused), CaseBits >> unused));
    }

    /// <summary>The one to eight bytes up to an end, and whatever follows them.</summary>
    private static ulong Last(ReadOnlySpan<byte> text, int begin, int end)
    {
        if (begin + sizeof(ulong) <= text.Length)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(text[begin..]);
        }

        ulong last = 0;
        for (var i = begin; i < end; i++)
        {
            last |= (ulong)text[i] << (8 * (i - begin));
        }

        return last;
    }

    /// <summary>Capital letters become small ones; digits have that bit anyway. Beyond ASCII case is left alone.</summary>
    private readonly ulong Mix(ulong hash, ulong bytes, ulong caseBits)
    {
        var high = Math.BigMul(hash ^ ((bytes & HighBits) == 0 ? bytes | caseBits : bytes), _factor, out var low);
        return high ^ low;
    }

    private static byte[] CreateInWords()
    {
        var inWords = new byte[256];
        for (var b = 0; b < 256; b++)
        {
            inWords[b] = b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) ? (byte)1 : (byte)0;
        }

        return inWords;
    }
}
