using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Finds secrets in text by the forms that their issuers gave them, and by chance that no language has. Nothing of the text is kept.</summary>
internal static class SecretForms
{
    private const int ShortestToken = 16;

    // How long the name before a key may be, and how many signs may stand between the two.
    private const int LongestName = 48;
    private const int LongestSigns = 8;

    // Bytes that are looked at together.
    private const int Window = 64;

    // Bits a character of a random key of that length at least have, by the text's own frequencies (Shannon 1948).
    private const double LeastEntropy = 4.2;
    private const int ShortestRandom = 32;

    private static readonly bool[] IsToken =
        [.. Enumerable.Range(0, 256).Select(b => char.IsAsciiLetterOrDigit((char)b) || "_-./+=:@%~".Contains((char)b, StringComparison.Ordinal))];

    private const int ShortestCloudKey = 40;

    private static readonly byte[][] KeyNames = Words("secret,token,passw,apikey,api_key,api-key,bearer,private_key");
    private static readonly byte[][] CloudKeyNames = Words("access_key,accesskey,account_key,accountkey");

    // What a connection string says besides its password, and how far from it.
    private static readonly byte[][] Hosts = Words("server=,source=,host=,endpoint=");
    private const int ConnectionLength = 256;
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\"'\\\r\n"u8);
    private static readonly SearchValues<byte> OfPatterns = SearchValues.Create("${}<>*%"u8);
    private static readonly SearchValues<byte> AfterPassword = SearchValues.Create(" ;,\"'\\&\t\r\n"u8);

    /// <summary>The first secret of a known form in a text, or else its first random key.</summary>
    /// <param name="text">UTF-8, plain or the inside of a JSON string.</param>
    /// <param name="begin">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    public static SecretKind Find(ReadOnlySpan<byte> text, out int begin, out int length)
    {
        // A run of 16 bytes covers one of any places that are 16 apart. Only where there may be one each byte is looked at.
        var (lookedThrough, place) = (0, ShortestToken - 1);
        (begin, length) = (0, 0);
        var found = SecretKind.None;
        for (; place < text.Length; place += ShortestToken)
        {
            if (place >= lookedThrough)
            {
                if (NextRun(text, place - (ShortestToken - 1)) is not (>= 0 and var run))
                {
                    break;
                }

                (place, lookedThrough) = (run + ShortestToken - 1, run + Window);
            }

            if (!IsToken[text[place]])
            {
                continue;
            }

            var (first, end) = (place, place + 1);
            while (first > 0 && IsToken[text[first - 1]])
            {
                first--;
            }

            while (end < text.Length && IsToken[text[end]])
            {
                end++;
            }

            first += EscapeLength(text, first);
            if (end - first >= ShortestToken && KindOf(text[first..end], WordBefore(text, first), out var inner, out var size) is not SecretKind.None and var kind
                && (found == SecretKind.None || kind != SecretKind.RandomKey))
            {
                (begin, length, found) = (first + inner, size, kind);
                if (kind != SecretKind.RandomKey)
                {
                    return kind;
                }
            }

            place = Math.Max(place, end - ShortestToken);
        }

        if (PrivateKey(text) is >= 0 and var key)
        {
            (begin, length) = (key, Math.Min(64, text.Length - key));
            return SecretKind.PrivateKey;
        }

        if (ConnectionPassword(text, out var password) is >= 0 and var at)
        {
            (begin, length) = (at, password);
            return SecretKind.ConnectionPassword;
        }

        return found;
    }

    /// <summary>Where a private key in PEM or of PGP begins; −1 when there is none.</summary>
    private static int PrivateKey(ReadOnlySpan<byte> text)
    {
        for (var from = 0; text[from..].IndexOf("PRIVATE KEY"u8) is >= 0 and var place; from += place + 1)
        {
            var (key, first) = (from + place, Math.Max(0, from + place - 32));
            if ((text[(key + 11)..].StartsWith("-----"u8) || text[(key + 11)..].StartsWith(" BLOCK-----"u8)) && text[first..key].LastIndexOf("-----BEGIN"u8) is >= 0 and var offset)
            {
                return first + offset;
            }
        }

        return -1;
    }

    /// <summary>Where the password in <c>Server=…;Password=…;</c> or <c>host=… password=…</c> begins; −1 when there is none. What stands for one in a pattern is none.</summary>
    private static int ConnectionPassword(ReadOnlySpan<byte> text, out int length)
    {
        const int Shortest = 4;
        for (var place = 0; text[place..].IndexOf("d="u8) is >= 0 and var next;)
        {
            place += next + 2;
            if (!IsPasswordName(text[..(place - 1)]))
            {
                continue;
            }

            length = text[place..].IndexOfAny(AfterPassword) is >= 0 and var end ? end : text.Length - place;
            if (length >= Shortest && text.Slice(place, length).IndexOfAny(OfPatterns) < 0 && Names(LineAround(text, place), Hosts))
            {
                return place;
            }
        }

        length = 0;
        return -1;
    }

    private static bool IsPasswordName(ReadOnlySpan<byte> text) =>
        text.EndsWith("assword"u8) || text.EndsWith("ASSWORD"u8) || text.EndsWith("pwd"u8) || text.EndsWith("Pwd"u8) || text.EndsWith("PWD"u8);

    private static ReadOnlySpan<byte> LineAround(ReadOnlySpan<byte> text, int place)
    {
        var first = Math.Max(0, place - ConnectionLength);
        first += text[first..place].LastIndexOfAny(LineEnds) + 1;
        var after = text[place..Math.Min(text.Length, place + ConnectionLength)];
        return text[first..(place + (after.IndexOfAny(LineEnds) is >= 0 and var end ? end : after.Length))];
    }

    /// <summary>Where, from a place on, as many bytes in a row as the shortest token has may be of one; −1 when nowhere.</summary>
    private static int NextRun(ReadOnlySpan<byte> text, int from)
    {
        for (; from + Window <= text.Length; from += Window - ShortestToken)
        {
            var run = MayBeToken(text[from..]) | ((ulong)MayBeToken(text[(from + (Window / 2))..]) << (Window / 2));
            run &= run >> 1;
            run &= run >> 2;
            run &= run >> 4;
            run &= run >> 8;
            if (run != 0)
            {
                return from + BitOperations.TrailingZeroCount(run);
            }
        }

        return from + ShortestToken <= text.Length ? from : -1;
    }

    /// <summary>A bit for each of 32 bytes: whether it lies where those of tokens lie. Of what lies there besides, only the comma is frequent.</summary>
    private static uint MayBeToken(ReadOnlySpan<byte> text)
    {
        var bytes = Vector256.Create(text);
        var isWithin = Vector256.GreaterThanOrEqual(bytes, Vector256.Create((byte)'+')) & Vector256.LessThanOrEqual(bytes, Vector256.Create((byte)'~'));
        var isToken = Vector256.AndNot(isWithin, Vector256.Equals(bytes, Vector256.Create((byte)','))) | Vector256.Equals(bytes, Vector256.Create((byte)'%'));
        return isToken.ExtractMostSignificantBits();
    }

    /// <summary>Of an escape such as <c>\n</c> or <c>\u000a</c> the backslash separates, and the rest stands before the word as if it were of it.</summary>
    private static int EscapeLength(ReadOnlySpan<byte> text, int first) =>
        first == 0 || text[first - 1] != '\\' ? 0 : text[first] switch
        {
            (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f' => 1,
            (byte)'u' => 5,
            _ => 0,
        };

    /// <summary>The word before a place, whatever signs are between: <c>": "</c> and <c> = </c> are what names stand before.</summary>
    private static ReadOnlySpan<byte> WordBefore(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end > 0 && at - end < LongestSigns && !char.IsAsciiLetterOrDigit((char)text[end - 1]))
        {
            end--;
        }

        var first = end;
        while (first > 0 && end - first < LongestName && IsToken[text[first - 1]])
        {
            first--;
        }

        return text[first..end];
    }

    private static SecretKind KindOf(ReadOnlySpan<byte> word, ReadOnlySpan<byte> before, out int begin, out int length)
    {
        // "token=abc", "Authorization:Bearer…" and URLs: a token stands between signs of equality, colons, slashes and what follows a host's user.
        for (begin = 0; begin <= word.Length - ShortestToken; begin += length + 1)
        {
            length = word[begin..].IndexOfAny("=:/@"u8) is >= 0 and var end ? end : word.Length - begin;
            if (IssuedToken.KindOf(word.Slice(begin, length)) is not SecretKind.None and var known)
            {
                return known;
            }
        }

        (begin, length) = (0, word.Length);
        if (word.IndexOf("hooks.slack.com/services/"u8) is >= 0 and var hook && HasDigit(word[(hook + 25)..]))
        {
            return SecretKind.ChatToken;
        }

        if (IsBasic(word, before))
        {
            return SecretKind.ConnectionPassword;
        }

        if (word.IndexOf("://"u8) is > 0 and var scheme && Password(word[(scheme + 3)..]) is > 0 and var size)
        {
            (begin, length) = (scheme + 3, size);
            return SecretKind.ConnectionPassword;
        }

        // Base64 has slashes of its own: first what is behind the name, then what is behind the last slash that leaves enough.
        begin = word.TrimEnd((byte)'=').LastIndexOfAny((byte)'=', (byte)':') + 1;
        length = word.Length - begin;
        if (length >= ShortestCloudKey && (Names(EndOf(word[..begin]), CloudKeyNames) || Names(before, CloudKeyNames)) && IsRandom(word[begin..]))
        {
            return SecretKind.CloudAccessKey;
        }

        for (var i = begin = 0; i < word.Length - ShortestToken; i++)
        {
            begin = word[i] is (byte)'=' or (byte)':' or (byte)'/' ? i + 1 : begin;
        }

        length = word.Length - begin;
        var isNamed = Names(EndOf(word[..begin]), KeyNames) || Names(before, KeyNames);
        return isNamed && length >= ShortestRandom && IsRandom(word[begin..]) ? SecretKind.RandomKey : SecretKind.None;
    }

    /// <summary>Length of <c>user:password</c> before an @ that has a host after it; 0 when there is no password.</summary>
    private static int Password(ReadOnlySpan<byte> authority)
    {
        var at = authority.IndexOf((byte)'@');
        var colon = authority.IndexOf((byte)':');
        return colon >= 0 && at > colon + 3 && authority[..at].IndexOf((byte)'/') < 0 && at < authority.Length - 2 ? at : 0;
    }

    /// <summary>The user and password of HTTP (RFC 7617).</summary>
    private static bool IsBasic(ReadOnlySpan<byte> word, ReadOnlySpan<byte> before)
    {
        Span<byte> decoded = stackalloc byte[EncodedText.MostBytes];
        return before.EndsWith("asic"u8) && EncodedText.Decode(word, decoded, out _) is > 0 and var written && decoded[..written].IndexOf((byte)':') > 0;
    }

    private static bool Names(ReadOnlySpan<byte> name, byte[][] words)
    {
        Span<byte> lower = stackalloc byte[2 * ConnectionLength];
        name = name[Math.Max(0, name.Length - lower.Length)..];
        for (var i = 0; i < name.Length; i++)
        {
            lower[i] = (byte)(name[i] is >= (byte)'A' and <= (byte)'Z' ? name[i] | 0x20 : name[i]);
        }

        foreach (var word in words)
        {
            if (lower[..name.Length].IndexOf(word) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> EndOf(ReadOnlySpan<byte> name) => name[Math.Max(0, name.Length - LongestName)..];

    private static byte[][] Words(string words) => [.. words.Split(',').Select(System.Text.Encoding.ASCII.GetBytes)];

    private static bool HasDigit(ReadOnlySpan<byte> text) => text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0;

    private static bool IsRandom(ReadOnlySpan<byte> text)
    {
        Span<byte> counts = stackalloc byte[128];
        counts.Clear();
        text = text[..Math.Min(text.Length, 128)];
        foreach (var letter in text)
        {
            counts[letter & 127]++;
        }

        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / text.Length;
                entropy -= share * Math.Log2(share);
            }
        }

        return entropy >= LeastEntropy && HasDigit(text);
    }
}
