using System.Buffers;
using System.Text;

namespace AgentSentinel.Core.Events;

/// <summary>What JSON strings hide: escapes, halves of surrogate pairs, control characters. Input has passed a JSON reader and is valid UTF-8.</summary>
internal static class JsonText
{
    /// <summary>The most bytes that one UTF-16 code unit takes in a JSON string: <c>\u0041</c>.</summary>
    internal const int MaxBytesPerChar = 6;

    // C0, DEL, and the lead byte under which C1 is found (C2 80 to C2 9F).
    private static readonly SearchValues<byte> ControlStarts = SearchValues.Create(
        [.. Enumerable.Range(0x00, 0x20).Select(b => (byte)b), 0x7F, 0xC2]);

    /// <summary>Resolves the escapes of a JSON string's inside. An escape that spells half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.</summary>
    /// <param name="escaped">The inside of the string, without its quotes.</param>
    /// <param name="destination">At least as long as <paramref name="escaped"/>: an escape is never shorter than what it spells.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>Whether every escape spelled a character; false when a half was replaced.</returns>
    internal static bool Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination, out int written)
    {
        written = 0;
        bool isWhole = true;
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(destination[written..]);
                written += escaped.Length;
                return isWhole;
            }

            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            escaped = escaped[plain..];
            if (escaped[1] != 'u')
            {
                destination[written++] = Simple(escaped[1]);
                escaped = escaped[2..];
            }
            else
            {
                isWhole &= TryReadRune(escaped, out Rune rune, out int length);
                written += rune.EncodeToUtf8(destination[written..]);
                escaped = escaped[length..];
            }
        }
    }

    /// <summary>Whether an escape in the inside of a JSON string spells half a surrogate pair.</summary>
    internal static bool HasHalfPair(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return false;
            }

            escaped = escaped[plain..];
            int length = 2;
            if (escaped[1] == 'u' && !TryReadRune(escaped, out _, out length))
            {
                return true;
            }

            escaped = escaped[length..];
        }
    }

    /// <summary>Whether the text has a character of the Unicode category Cc (U+0000–001F, U+007F–009F).</summary>
    internal static bool HasControlCharacter(ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            int at = utf8.IndexOfAny(ControlStarts);
            if (at < 0)
            {
                return false;
            }

            if (utf8[at] != 0xC2 || utf8[at + 1] < 0xA0)
            {
                return true;
            }

            utf8 = utf8[(at + 2)..];
        }
    }

    /// <summary>Whether the text has more UTF-16 code units than allowed.</summary>
    internal static bool IsLongerThan(ReadOnlySpan<byte> utf8, int maxChars) =>
        utf8.Length > maxChars && Encoding.UTF8.GetCharCount(utf8) > maxChars;

    /// <summary>The character that an escape spells, or two that are a pair; false, U+FFFD and the length of one escape when it spells half a pair.</summary>
    private static bool TryReadRune(ReadOnlySpan<byte> escape, out Rune rune, out int length)
    {
        char first = Unit(escape);
        length = 6;
        if (Rune.TryCreate(first, out rune))
        {
            return true;
        }

        if (escape.Length >= 12 && escape[6] == '\\' && escape[7] == 'u' && Rune.TryCreate(first, Unit(escape[6..]), out rune))
        {
            length = 12;
            return true;
        }

        rune = Rune.ReplacementChar;
        return false;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)((Nibble(escape[2]) << 12) | (Nibble(escape[3]) << 8) | (Nibble(escape[4]) << 4) | Nibble(escape[5]));

    private static int Nibble(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };
}
