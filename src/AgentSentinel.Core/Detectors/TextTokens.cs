using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// The words of a text as keyed fingerprints, one after the other: runs of letters and digits, case folded, everything else separates, and each sign of a script without
/// spaces is a word. However a letter is written (<see cref="TextLetter"/>), it is the same one. Reads UTF-8, plain or as the inside of a JSON string. Nothing of the text is kept.
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
    private const int BlockBytes = 64;
    private const ulong CaseBits = 0x2020202020202020;
    private const ulong HighBits = 0x8080808080808080;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ulong _start = key.K0 ^ 0x2545F4914F6CDD1D;
    private readonly ulong _factor = (key.K1 ^ 0xD1342543DE82EF95) | 1;
    private int _position;

    // The block that was looked at last: where it begins, and a bit for each of its bytes that is of a word, and for each that may be of one or not.
    private int _block = -BlockBytes;
    private ulong _inWord;
    private ulong _other;

    /// <summary>The fingerprint of two words in a row.</summary>
    public static ulong Pair(ulong first, ulong second) => Fold(BitOperations.RotateLeft(first, 23) ^ second);

    /// <summary>The fingerprint of all words of a text in a row, by the letters that they have; 0 when it has none.</summary>
    public static ulong ValueOf(FingerprintKey key, ReadOnlySpan<byte> text)
    {
        var tokens = new TextTokens(key, text, isEscaped: false);
        ulong value = 0;
        while (tokens.TryRead(out var token))
        {
            value = Pair(value, tokens.Own == 0 ? token : tokens.Own);
        }

        return value;
    }

    /// <summary>Where the word that was read last begins.</summary>
    public int Begin { get; private set; }

    /// <summary>Where it ends.</summary>
    public readonly int End => _position;

    /// <summary>The word's fingerprint by the letters that it has; 0 when those are the ones that it looks to have.</summary>
    public ulong Own { get; private set; }

    /// <summary>The word is but one sign of a script that puts no spaces around words.</summary>
    public bool IsUnspaced { get; private set; }

    /// <summary>Reads the next word.</summary>
    public bool TryRead(out ulong token)
    {
        var text = _text;
        var at = _position;
        while (at < text.Length)
        {
            if ((uint)(at - _block) >= BlockBytes)
            {
                Look(at);
            }

            var ahead = (_inWord | _other) >> (at - _block);
            if (ahead == 0)
            {
                at = _block + BlockBytes;
                continue;
            }

            at += BitOperations.TrailingZeroCount(ahead);
            if (IsOther(at))
            {
                // Nearly all escapes: a line's end, a quotation mark.
                if (isEscaped && text[at] == '\\' && at + 1 < text.Length && text[at + 1] is not ((byte)'u' or (byte)'\\'))
                {
                    at += 2;
                    continue;
                }
            }
            else if (EndOf(at) is var end && (end >= text.Length || !IsOther(end) || EndsWord(text[end..])))
            {
                (Begin, Own, IsUnspaced) = (at, 0, false);
                token = HashOf(text, at, end);
                _position = end;
                return true;
            }

            (Begin, Own, IsUnspaced) = (at, 0, false);
            if (TryAssemble(text, ref at, out token))
            {
                _position = at;
                return true;
            }
        }

        _position = text.Length;
        token = 0;
        return false;
    }

    /// <summary>Where a run of letters and digits ends that begins in the block.</summary>
    private int EndOf(int begin)
    {
        var end = begin + BitOperations.TrailingZeroCount(~(_inWord >> (begin - _block)));
        while (end - _block >= BlockBytes && end < _text.Length)
        {
            Look(end);
            end += BitOperations.TrailingZeroCount(~_inWord);
        }

        return end;
    }

    private readonly bool IsOther(int at) => ((_other >> (at - _block)) & 1) != 0;

    /// <summary>Looks at the block that begins at a place: what is beyond the text separates.</summary>
    private void Look(int at)
    {
        _block = at;
        var rest = _text[at..];
        if (rest.Length >= BlockBytes)
        {
            Classify(rest);
            return;
        }

        Span<byte> padded = stackalloc byte[BlockBytes];
        rest.CopyTo(padded);
        Classify(padded);
    }

    private void Classify(scoped ReadOnlySpan<byte> block)
    {
        ref var first = ref MemoryMarshal.GetReference(block);
        var (low, high) = (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, (nuint)Vector256<byte>.Count));
        _inWord = InWord(low) | ((ulong)InWord(high) << Vector256<byte>.Count);
        _other = Other(low) | ((ulong)Other(high) << Vector256<byte>.Count);
    }

    /// <summary>ASCII letters and digits.</summary>
    private static uint InWord(Vector256<byte> bytes) =>
        (Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)25))
            | Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9))).ExtractMostSignificantBits();

    /// <summary>What begins a sign that is spelled with several bytes.</summary>
    private static uint Other(Vector256<byte> bytes) =>
        (bytes | Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | Vector256.Equals(bytes, Vector256.Create((byte)'%')) | Vector256.Equals(bytes, Vector256.Create((byte)'&')))
        .ExtractMostSignificantBits();

    private readonly bool EndsWord(ReadOnlySpan<byte> rest) => TextLetter.Read(rest, isEscaped).Kind is TextLetterKind.Separator or TextLetterKind.Uncased or TextLetterKind.Unspaced;

    private static ulong Fold(ulong hash)
    {
        var high = Math.BigMul(hash ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }

    /// <summary>A word of which not all letters are ASCII as it stands. What is over 124 bytes of it counts as further words.</summary>
    private bool TryAssemble(ReadOnlySpan<byte> text, ref int at, out ulong token)
    {
        Span<byte> word = stackalloc byte[LongestAssembled];
        Span<byte> own = stackalloc byte[LongestAssembled];
        var (length, ownLength, isOwn, kindOfWord) = (0, 0, true, TextLetterKind.Separator);
        while (at < text.Length && length < LongestAssembled - 4 && ownLength < LongestAssembled - 4)
        {
            var letter = char.IsAsciiLetterOrDigit((char)text[at])
                ? new TextLetter(TextLetterKind.Letter, new Rune(text[at] | (text[at] >= 'A' ? 0x20 : 0)), 1, new Rune(text[at] | (text[at] >= 'A' ? 0x20 : 0)))
                : TextLetter.Read(text[at..], isEscaped);
            if (letter.Kind is TextLetterKind.Letter or TextLetterKind.Uncased or TextLetterKind.Unspaced)
            {
                if (length > 0 && (letter.Kind != kindOfWord || letter.Kind == TextLetterKind.Unspaced))
                {
                    break;
                }

                kindOfWord = letter.Kind;
                length += letter.Letter.EncodeToUtf8(word[length..]);
                ownLength += letter.Own.EncodeToUtf8(own[ownLength..]);
                isOwn &= letter.Own == letter.Letter;
            }
            else if (letter.Kind == TextLetterKind.Separator)
            {
                at += length == 0 ? letter.Length : 0;
                break;
            }
            else if (letter.Own != default && length > 0)
            {
                ownLength += letter.Own.EncodeToUtf8(own[ownLength..]);
                isOwn = false;
            }

            at += letter.Length;
        }

        IsUnspaced = kindOfWord == TextLetterKind.Unspaced;
        token = length == 0 ? 0 : HashOf(word, 0, length);
        Own = isOwn || length == 0 ? 0 : HashOf(own, 0, ownLength);
        return length > 0;
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
}
