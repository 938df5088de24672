using System.Numerics;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// The words of a text as keyed fingerprints, one after the other: runs of letters and digits, ASCII case folded, everything else separates.
/// Reads UTF-8, plain or as the inside of a JSON string with its escapes. Nothing of the text is kept.
/// </summary>
/// <remarks>
/// A word's fingerprint is a polynomial over its bytes with a secret factor and start, folded at the end (Carter and Wegman 1979): without the key
/// nobody can find a word from it. About 1 ns a byte: <see cref="Fingerprint"/> would take five times as long over the contents of results.
/// </remarks>
/// <param name="key">The deployment's key.</param>
/// <param name="text">UTF-8.</param>
/// <param name="isEscaped">Whether it is the inside of a JSON string.</param>
internal ref struct TextTokens(FingerprintKey key, ReadOnlySpan<byte> text, bool isEscaped)
{
    private static readonly byte[] Folded = CreateFolded();

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ulong _start = key.K0 ^ 0x2545F4914F6CDD1D;
    private readonly ulong _factor = (key.K1 ^ 0xD1342543DE82EF95) | 1;
    private int _position;

    /// <summary>Where the last word began.</summary>
    public int Begin { get; private set; }

    /// <summary>Where the last word ended, exclusive.</summary>
    public readonly int End => _position;

    /// <summary>The fingerprint of two words in a row.</summary>
    public static ulong Pair(ulong first, ulong second) => Fold(BitOperations.RotateLeft(first, 23) ^ second);

    /// <summary>Reads the next word.</summary>
    public bool TryRead(out ulong token)
    {
        var hash = _start;
        var length = 0;
        var text = _text;
        var i = _position;
        while (i < text.Length)
        {
            var folded = Folded[text[i]];
            if (folded == 0)
            {
                if (isEscaped && text[i] == '\\')
                {
                    var (isWord, step) = Escape(text, i, ref hash);
                    if (isWord)
                    {
                        Begin = length++ == 0 ? i : Begin;
                        i += step;
                        continue;
                    }

                    if (length == 0)
                    {
                        i += step;
                        continue;
                    }
                }

                if (length > 0)
                {
                    break;
                }

                i++;
                continue;
            }

            Begin = length++ == 0 ? i : Begin;
            hash = (hash ^ folded) * _factor;
            hash ^= hash >> 29;
            i++;
        }

        _position = i;
        token = Fold(hash);
        return length > 0;
    }

    private static ulong Fold(ulong hash)
    {
        var high = Math.BigMul(hash ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }

    /// <summary>An escape: half a pair, a control character or punctuation separates; a letter belongs to the word.</summary>
    private readonly (bool IsWord, int Step) Escape(ReadOnlySpan<byte> text, int at, ref ulong hash)
    {
        if (at + 1 >= text.Length || text[at + 1] != 'u' || at + 6 > text.Length)
        {
            return (false, 2);
        }

        var unit = 0;
        foreach (var digit in text.Slice(at + 2, 4))
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        if (unit < 0x80 ? Folded[unit] == 0 : unit is >= 0xD800 and < 0xE000 || !char.IsLetterOrDigit((char)unit))
        {
            return (false, 6);
        }

        Span<byte> utf8 = stackalloc byte[4];
        var length = unit < 0x80 ? 1 : new System.Text.Rune((char)unit).EncodeToUtf8(utf8);
        utf8[0] = unit < 0x80 ? Folded[unit] : utf8[0];
        foreach (var b in utf8[..length])
        {
            hash = (hash ^ b) * _factor;
            hash ^= hash >> 29;
        }

        return (true, 6);
    }

    private static byte[] CreateFolded()
    {
        var folded = new byte[256];
        for (var b = 0; b < 256; b++)
        {
            folded[b] = b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) ? (byte)char.ToLowerInvariant((char)b) : (byte)0;
            folded[b] = b >= 0x80 ? (byte)b : folded[b];
        }

        return folded;
    }
}
