using System.Numerics;
using System.Runtime.Intrinsics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Finds secrets in text by the forms that their issuers gave them, and by chance that no language has. Nothing of the text is kept.</summary>
internal static class SecretForms
{
    private const int ShortestToken = 16;

    // Bytes that are looked at together.
    private const int Window = 64;

    // Bits a character of a random key of that length at least have, by the text's own frequencies (Shannon 1948).
    private const double LeastEntropy = 4.2;
    private const int ShortestRandom = 32;

    private static readonly bool[] IsToken =
        [.. Enumerable.Range(0, 256).Select(b => char.IsAsciiLetterOrDigit((char)b) || "_-./+=:@%~".Contains((char)b, StringComparison.Ordinal))];

    /// <summary>The first secret in a text.</summary>
    /// <param name="text">UTF-8, plain or the inside of a JSON string.</param>
    /// <param name="begin">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    public static SecretKind Find(ReadOnlySpan<byte> text, out int begin, out int length)
    {
        // A run of 16 bytes covers one of any places that are 16 apart. Only where there may be one each byte is looked at.
        var (lookedThrough, place) = (0, ShortestToken - 1);
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
            if (end - first >= ShortestToken && KindOf(text[first..end], WordBefore(text, first), out var inner, out length) is not SecretKind.None and var kind)
            {
                begin = first + inner;
                return kind;
            }

            place = Math.Max(place, end - ShortestToken);
        }

        var key = text.IndexOf("PRIVATE KEY-----"u8);
        if (key >= 0 && text[Math.Max(0, key - 32)..key].IndexOf("-----BEGIN"u8) is >= 0 and var offset)
        {
            begin = Math.Max(0, key - 32) + offset;
            length = Math.Min(64, text.Length - begin);
            return SecretKind.PrivateKey;
        }

        (begin, length) = (0, 0);
        return SecretKind.None;
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

    private static ReadOnlySpan<byte> WordBefore(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end > 0 && !IsToken[text[end - 1]])
        {
            end--;
        }

        var first = end;
        while (first > 0 && end - first < 48 && IsToken[text[first - 1]])
        {
            first--;
        }

        return text[first..end];
    }

    private static SecretKind KindOf(ReadOnlySpan<byte> word, ReadOnlySpan<byte> before, out int begin, out int length)
    {
        // "token=abc", "Authorization:Bearer…" and URLs: the value begins after the last sign of equality, colon or slash that leaves enough.
        begin = 0;
        for (var i = 0; i < word.Length - ShortestToken; i++)
        {
            begin = word[i] is (byte)'=' or (byte)':' or (byte)'/' ? i + 1 : begin;
        }

        var value = word[begin..];
        length = value.Length;
        if (Known(value) is not SecretKind.None and var known)
        {
            return known;
        }

        if (word.IndexOf("://"u8) is > 0 and var scheme && Password(word[(scheme + 3)..]) is > 0 and var size)
        {
            (begin, length) = (scheme + 3, size);
            return SecretKind.ConnectionPassword;
        }

        var isNamed = NamesSecret(word[..begin]) || NamesSecret(before);
        return isNamed && value.Length >= ShortestRandom && IsRandom(value) ? SecretKind.RandomKey : SecretKind.None;
    }

    private static SecretKind Known(ReadOnlySpan<byte> value) =>
        value.Length >= 20 && (value.StartsWith("AKIA"u8) || value.StartsWith("ASIA"u8)) && IsUpper(value[4..20]) ? SecretKind.CloudAccessKey
        : value.Length >= 35 && value.StartsWith("AIza"u8) ? SecretKind.CloudAccessKey
        : value.Length >= 36 && value.StartsWith("gh"u8) && value[2] is (byte)'p' or (byte)'o' or (byte)'s' or (byte)'u' or (byte)'r' && value[3] == '_' ? SecretKind.ForgeToken
        : value.Length >= 40 && value.StartsWith("github_pat_"u8) ? SecretKind.ForgeToken
        : value.Length >= 20 && value.StartsWith("glpat-"u8) ? SecretKind.ForgeToken
        : value.Length >= 20 && (value.StartsWith("xoxb-"u8) || value.StartsWith("xoxp-"u8) || value.StartsWith("xoxa-"u8) || value.StartsWith("xoxr-"u8) || value.StartsWith("xoxs-"u8) || value.StartsWith("xapp-"u8)) ? SecretKind.ChatToken
        : value.Length >= 20 && (value.StartsWith("sk_live_"u8) || value.StartsWith("rk_live_"u8) || value.StartsWith("sk_test_"u8) || value.StartsWith("whsec_"u8)) ? SecretKind.PaymentKey
        : value.Length >= 20 && HasDigit(value) && (value.StartsWith("sk-"u8) || value.StartsWith("hf_"u8)) ? SecretKind.ModelKey
        : value.Length >= 36 && (value.StartsWith("npm_"u8) || value.StartsWith("pypi-"u8) || value.StartsWith("dop_v1_"u8)) ? SecretKind.PackageToken
        : value.Length >= 40 && value.StartsWith("eyJ"u8) && value.Count((byte)'.') == 2 && value.IndexOf(".eyJ"u8) > 0 ? SecretKind.WebToken
        : SecretKind.None;

    /// <summary>Length of <c>user:password</c> before an @ that has a host after it; 0 when there is no password.</summary>
    private static int Password(ReadOnlySpan<byte> authority)
    {
        var at = authority.IndexOf((byte)'@');
        var colon = authority.IndexOf((byte)':');
        return colon > 0 && at > colon + 3 && authority[..at].IndexOf((byte)'/') < 0 && at < authority.Length - 2 ? at : 0;
    }

    private static bool NamesSecret(ReadOnlySpan<byte> name)
    {
        Span<byte> lower = stackalloc byte[48];
        name = name[Math.Max(0, name.Length - lower.Length)..];
        for (var i = 0; i < name.Length; i++)
        {
            lower[i] = (byte)(name[i] is >= (byte)'A' and <= (byte)'Z' ? name[i] | 0x20 : name[i]);
        }

        ReadOnlySpan<byte> text = lower[..name.Length];
        return text.IndexOf("secret"u8) >= 0 || text.IndexOf("token"u8) >= 0 || text.IndexOf("passw"u8) >= 0 || text.IndexOf("apikey"u8) >= 0
            || text.IndexOf("api_key"u8) >= 0 || text.IndexOf("api-key"u8) >= 0 || text.IndexOf("bearer"u8) >= 0 || text.IndexOf("private_key"u8) >= 0;
    }

    private static bool IsUpper(ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
        {
            if (letter is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9')))
            {
                return false;
            }
        }

        return true;
    }

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
