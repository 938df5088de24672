using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Numbers that people write in groups and machines without: accounts, phones, cards, thousands. <c>DE89 3704 0044</c> is <c>DE8937040044</c> and
/// <c>1,000</c> is 1000, in whichever of the two forms a text has it.
/// </summary>
internal static class GroupedCode
{
    /// <summary>Letters and digits that a code has at most.</summary>
    public const int Longest = 40;

    private const int Shortest = 4;
    private const int LongestGroup = 8;

    /// <summary>A code without what groups it.</summary>
    /// <param name="text">A whole value.</param>
    /// <param name="code">Takes <see cref="Longest"/> bytes.</param>
    /// <returns>How long it is; 0 when the value is no code: over half of it digits, grouped by nothing but spaces and <c>-./()+,'</c>.</returns>
    public static int Compact(ReadOnlySpan<byte> text, Span<byte> code)
    {
        var (length, digits) = (0, 0);
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit((char)letter))
            {
                if (length == Longest)
                {
                    return 0;
                }

                code[length++] = letter;
                digits += char.IsAsciiDigit((char)letter) ? 1 : 0;
            }
            else if (!" -./()+,'"u8.Contains(letter))
            {
                return 0;
            }
        }

        return digits >= Shortest && 2 * digits > length ? length : 0;
    }

    /// <summary>
    /// The texts of a session in which a code stands, as one word or in groups of up to eight that follow one another: those along whose groups a way leads
    /// from its beginning to its end.
    /// </summary>
    public static ulong OriginsOf(ReadOnlySpan<byte> code, FingerprintKey key, LineageSession session)
    {
        const int Width = LongestGroup + 1;

        // By place and the length of the group that ends there.
        Span<ulong> tokens = stackalloc ulong[(Longest + 1) * Width];
        Span<ulong> reached = stackalloc ulong[(Longest + 1) * Width];
        reached.Clear();
        var origins = session.OriginsOf(TokenOf(code, key));
        for (var end = 1; end <= code.Length; end++)
        {
            for (var group = 1; group <= Math.Min(end, LongestGroup); group++)
            {
                var token = tokens[(end * Width) + group] = TokenOf(code.Slice(end - group, group), key);
                var begin = end - group;
                if (begin == 0)
                {
                    reached[(end * Width) + group] = session.OriginsOf(token);
                    continue;
                }

                for (var before = 1; before <= Math.Min(begin, LongestGroup); before++)
                {
                    if (reached[(begin * Width) + before] is not 0 and var texts)
                    {
                        reached[(end * Width) + group] |= session.OriginsOf(TextTokens.Pair(tokens[(begin * Width) + before], token), texts);
                    }
                }
            }
        }

        for (var group = 1; group <= LongestGroup; group++)
        {
            origins |= reached[(code.Length * Width) + group];
        }

        return origins;
    }

    /// <summary>The texts that have an international phone number as it is dialled: with 00 for the plus, or with 0 for the country's number (ITU-T E.123, E.164).</summary>
    public static ulong DialledOriginsOf(ReadOnlySpan<byte> code, FingerprintKey key, LineageSession session)
    {
        const int LongestPhone = 15;
        const int ShortestPhone = 8;
        const int LongestCountry = 3;
        if (code.Length is < ShortestPhone or > LongestPhone)
        {
            return 0;
        }

        Span<byte> dialled = stackalloc byte[LongestPhone + 2];
        dialled[..2].Fill((byte)'0');
        code.CopyTo(dialled[2..]);
        var origins = OriginsOf(dialled[..(code.Length + 2)], key, session);
        for (var country = 1; country <= LongestCountry; country++)
        {
            code[country..].CopyTo(dialled[1..]);
            origins |= OriginsOf(dialled[..(1 + code.Length - country)], key, session);
        }

        return origins;
    }

    /// <summary>2200.0 and 10.00 are the same number as 2200 and 10.</summary>
    public static ReadOnlySpan<byte> WithoutZeroes(ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        return point > 0 && text[..point].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && text[(point + 1)..].IndexOfAnyExcept((byte)'0') < 0 ? text[..point] : text;
    }

    public static ulong TokenOf(ReadOnlySpan<byte> code, FingerprintKey key)
    {
        new TextTokens(key, code, isEscaped: false).TryRead(out var token);
        return token;
    }
}
