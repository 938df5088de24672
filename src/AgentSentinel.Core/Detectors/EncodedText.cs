using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace AgentSentinel.Core.Detectors;

/// <summary>Text within a text that is written in base64 or in hexadecimal digits: a model reads it, so it is read here too.</summary>
internal static class EncodedText
{
    /// <summary>A shorter word is not looked at.</summary>
    public const int Shortest = 16;

    /// <summary>Bytes that one such text has at most once it is decoded; what is longer is not looked at.</summary>
    public const int MostBytes = 3072;

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    /// <summary>Decodes what begins at a word.</summary>
    /// <param name="text">From the word on.</param>
    /// <param name="decoded">Takes <see cref="MostBytes"/>.</param>
    /// <param name="length">Bytes that the encoded text takes.</param>
    /// <returns>Bytes decoded; 0 when it is no text.</returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> decoded, out int length)
    {
        length = text.IndexOfAnyExcept(Alphabet) is >= 0 and var end ? end : text.Length;
        if (length >= Shortest && length / 2 < MostBytes && FromHex(text[..length], decoded) is > 0 and var bytes && IsReadable(decoded[..bytes]))
        {
            return bytes;
        }

        var whole = length - (length % 4 == 1 ? 1 : 0);
        if (length < Shortest || whole / 4 * 3 >= MostBytes || !IsText(text[..Shortest], decoded, out _))
        {
            return 0;
        }

        return IsText(text[..whole], decoded, out var written) ? written : 0;
    }

    private static bool IsText(ReadOnlySpan<byte> encoded, Span<byte> decoded, out int written)
    {
        // Base64Url takes what lacks its padding, and only its own two signs.
        Span<byte> url = stackalloc byte[(MostBytes / 3 * 4) + 4];
        encoded.CopyTo(url);
        url = url[..encoded.Length];
        url.Replace((byte)'+', (byte)'-');
        url.Replace((byte)'/', (byte)'_');
        return Base64Url.DecodeFromUtf8(url, decoded, out _, out written) == OperationStatus.Done
            && IsReadable(decoded[..(encoded.Length == Shortest ? Ascii(decoded[..written]) : written)]);
    }

    private static bool IsReadable(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyInRange((byte)0, (byte)8) < 0 && text.IndexOfAnyInRange((byte)14, (byte)31) < 0 && text.IndexOf((byte)127) < 0 && Utf8.IsValid(text);

    /// <summary>Bytes written; 0 when it is no hexadecimal.</summary>
    private static int FromHex(ReadOnlySpan<byte> text, Span<byte> decoded)
    {
        if (text.Length % 2 != 0)
        {
            return 0;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiHexDigit((char)text[i]))
            {
                return 0;
            }

            var digit = text[i] <= '9' ? text[i] - '0' : (text[i] | 0x20) - 'a' + 10;
            decoded[i / 2] = (byte)(i % 2 == 0 ? digit << 4 : decoded[i / 2] | digit);
        }

        return text.Length / 2;
    }

    /// <summary>A first look may end within a letter: what is beyond ASCII is left to the second.</summary>
    private static int Ascii(ReadOnlySpan<byte> text) => text.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var first ? first : text.Length;
}
