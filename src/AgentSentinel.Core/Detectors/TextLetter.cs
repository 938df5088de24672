using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// One sign of a text as a reader understands it, however it is written: UTF-8, an escape of JSON (or of JSON within JSON), percent-encoding, a
/// numbered or named entity of HTML. Letters come in the shape of <see cref="LookAlike.PlainOf"/>; what is invisible is told apart from what separates words.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Letter">The letter; none for other kinds.</param>
/// <param name="Length">Bytes that spell it, at least 1.</param>
/// <param name="Own">The letter in lower case, or the mark, as it is and not as it looks; none where that says no more.</param>
internal readonly record struct TextLetter(TextLetterKind Kind, Rune Letter, int Length, Rune Own = default)
{
    /// <summary>Those of ASCII.</summary>
    public static readonly SearchValues<byte> LettersAndDigits = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8);

    // The frequent ones, and those that only HTML 5 has.
    private static readonly byte[][] NamedSeparators =
        [.. "amp,lt,gt,quot,nbsp,period,commat,colon,sol,lowbar,num,hyphen,dash,lpar,rpar,comma,semi,quest,excl,equals,plus,Tab,NewLine".Split(',').Select(Encoding.ASCII.GetBytes)];

    /// <summary>Reads the sign at a place of a text that is not ASCII letter or digit.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="isEscaped">Whether it is the inside of a JSON string.</param>
    public static TextLetter Read(ReadOnlySpan<byte> text, bool isEscaped) => text[0] switch
    {
        (byte)'\\' => ReadEscape(text, isEscaped),
        (byte)'%' => ReadPercent(text),
        (byte)'&' => ReadEntity(text),
        < 0x80 => Of(new Rune(text[0]), 1),
        _ => Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done ? Of(rune, length) : Separator(1),
    };

    private static TextLetter Of(Rune rune, int length) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter when IsUnspaced(rune.Value) => new(TextLetterKind.Unspaced, rune, length, rune),
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.LetterNumber => new(TextLetterKind.Letter, LookAlike.PlainOf(rune), length, LookAlike.LowerOf(rune)),
        // A digit is the same one in every script that has digits.
        UnicodeCategory.DecimalDigitNumber => Digit((int)Rune.GetNumericValue(rune), length),
        UnicodeCategory.OtherLetter or UnicodeCategory.OtherNumber => new(TextLetterKind.Uncased, rune, length, rune),
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => new(TextLetterKind.Invisible, default, length, rune),
        UnicodeCategory.Format => new(TextLetterKind.Invisible, default, length),
        _ => Separator(length),
    };

    private static TextLetter Digit(int value, int length) => new(TextLetterKind.Letter, new Rune('0' + value), length, new Rune('0' + value));

    /// <summary>Thai to Burmese, the syllables of Korean and Japanese, what China, Japan and Yi write with, and their half-width forms.</summary>
    private static bool IsUnspaced(int letter) => letter is (>= 0x0E00 and <= 0x11FF and not (>= 0x10A0 and < 0x1100))
        or (>= 0x1780 and <= 0x17FF) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFFDC) or (>= 0x20000 and <= 0x3FFFF);

    private static TextLetter Separator(int length) => new(TextLetterKind.Separator, default, length);

    /// <summary>
    /// A backslash that was escaped itself begins an escape of the JSON within: what JSON within JSON spells is read the same, whether the outer escapes are
    /// still there or not.
    /// </summary>
    private static TextLetter ReadEscape(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (text.Length < 2)
        {
            return Separator(text.Length);
        }

        var inner = !isEscaped ? 1 : text[1] == '\\' ? 2 : 0;
        if (inner == 0)
        {
            return text[1] == 'u' && TryHex(text[2..], 4, out var unit) ? OfEscape(text, unit, 6) : Separator(2);
        }

        return text.Length <= inner ? Separator(inner) : text[inner] switch
        {
            (byte)'u' when TryHex(text[(inner + 1)..], 4, out var unit) => OfEscape(text, unit, inner + 5),
            (byte)'n' or (byte)'r' or (byte)'t' => Separator(inner + 1),
            _ => Separator(inner),
        };
    }

    /// <summary>Half a surrogate pair separates: no letter of a name is beyond the first plane.</summary>
    private static TextLetter OfUnit(int unit, int length) => Rune.TryCreate(unit, out var rune) ? Of(rune, length) : Separator(length);

    /// <summary>What an escape spells; where that is an ampersand, the entity that it begins: many writers of JSON escape it.</summary>
    private static TextLetter OfEscape(ReadOnlySpan<byte> text, int unit, int length)
    {
        if (unit != '&')
        {
            return OfUnit(unit, length);
        }

        var entity = ReadEntity(text[(length - 1)..]);
        return entity with { Length = entity.Length + length - 1 };
    }

    private static TextLetter ReadPercent(ReadOnlySpan<byte> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var count = 0;
        while (count < utf8.Length && text.Length >= (3 * count) + 3 && text[3 * count] == '%' && TryHex(text[((3 * count) + 1)..], 2, out var value))
        {
            utf8[count++] = (byte)value;
        }

        return count > 0 && Rune.DecodeFromUtf8(utf8[..count], out var rune, out var used) == OperationStatus.Done ? Of(rune, 3 * used) : Separator(1);
    }

    private static TextLetter ReadEntity(ReadOnlySpan<byte> text)
    {
        const int Longest = 10;
        if (text.Length < 4 || text[..Math.Min(text.Length, Longest)].IndexOf((byte)';') is not (> 2 and var end))
        {
            return Separator(1);
        }

        if (text[1] != '#')
        {
            return OfName(text[1..end], end + 1);
        }

        var digits = text[2..end];
        var isHex = digits[0] is (byte)'x' or (byte)'X';
        Span<char> number = stackalloc char[Longest];
        var length = Encoding.ASCII.GetChars(isHex ? digits[1..] : digits, number);
        return int.TryParse(number[..length], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Rune.TryCreate(value, out var rune)
            ? Of(rune, end + 1)
            : Separator(1);
    }

    private static TextLetter OfName(ReadOnlySpan<byte> name, int length)
    {
        foreach (var separator in NamedSeparators)
        {
            if (name.SequenceEqual(separator))
            {
                return Separator(length);
            }
        }

        if (name.IndexOfAnyExcept(LettersAndDigits) >= 0)
        {
            return Separator(1);
        }

        var decoded = WebUtility.HtmlDecode($"&{Encoding.ASCII.GetString(name)};");
        return Rune.DecodeFromUtf16(decoded, out var rune, out var used) == OperationStatus.Done && used == decoded.Length ? Of(rune, length) : Separator(1);
    }

    private static bool TryHex(ReadOnlySpan<byte> text, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits)
        {
            return false;
        }

        foreach (var digit in text[..digits])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }
}
