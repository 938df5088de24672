namespace AgentSentinel.Core.Detectors;

/// <summary>Tokens that their issuers begin in a way of their own so that they are found, and go on by chance: names that merely begin so do not.</summary>
internal static class IssuedToken
{
    // So many letters and digits in a row, a digit among them, no name has.
    private const int Drawn = 16;

    // Nor has a name so many letters with a change of case at every third and capitals side by side more than once. Of keys with twenty signs one in thirty has no digit.
    private const int DrawnLetters = 20;

    private static readonly Form[]?[] Forms = ByFirstByte(
        new("AIza", SecretKind.CloudAccessKey, 35),
        new("ya29.", SecretKind.CloudAccessKey, 40, Drawn),
        new("ghp_", SecretKind.ForgeToken, 36),
        new("gho_", SecretKind.ForgeToken, 36),
        new("ghs_", SecretKind.ForgeToken, 36),
        new("ghu_", SecretKind.ForgeToken, 36),
        new("ghr_", SecretKind.ForgeToken, 36),
        new("github_pat_", SecretKind.ForgeToken, 40),
        new("glpat-", SecretKind.ForgeToken, 20),
        new("glptt-", SecretKind.ForgeToken, 26),
        new("gldt-", SecretKind.ForgeToken, 20),
        new("glrt-", SecretKind.ForgeToken, 20),
        new("glcbt-", SecretKind.ForgeToken, 20),
        new("glsoat-", SecretKind.ForgeToken, 20),
        new("xoxb-", SecretKind.ChatToken, 20),
        new("xoxp-", SecretKind.ChatToken, 20),
        new("xoxa-", SecretKind.ChatToken, 20),
        new("xoxr-", SecretKind.ChatToken, 20),
        new("xoxs-", SecretKind.ChatToken, 20),
        new("xoxe-", SecretKind.ChatToken, 20),
        new("xoxe.", SecretKind.ChatToken, 20),
        new("xapp-", SecretKind.ChatToken, 20),
        new("sk_live_", SecretKind.PaymentKey, 20, Drawn),
        new("rk_live_", SecretKind.PaymentKey, 20, Drawn),
        new("sk_test_", SecretKind.PaymentKey, 20, Drawn),
        new("rk_test_", SecretKind.PaymentKey, 20, Drawn),
        new("whsec_", SecretKind.PaymentKey, 20, Drawn),
        new("sk-", SecretKind.ModelKey, 20, Drawn),
        new("hf_", SecretKind.ModelKey, 20, Drawn),
        new("npm_", SecretKind.PackageToken, 36, Drawn),
        new("pypi-AgE", SecretKind.PackageToken, 36),
        new("dckr_pat_", SecretKind.PackageToken, 30, Drawn),
        new("dop_v1_", SecretKind.PackageToken, 36, Drawn),
        new("hvs.", SecretKind.PackageToken, 24, Drawn),
        new("hvb.", SecretKind.PackageToken, 24, Drawn),
        new("SG.", SecretKind.PackageToken, 60, Drawn),
        new("shpat_", SecretKind.PackageToken, 38, Drawn),
        new("shpss_", SecretKind.PackageToken, 38, Drawn),
        new("glsa_", SecretKind.PackageToken, 38, Drawn),
        new("ATATT3", SecretKind.PackageToken, 60, Drawn));

    /// <summary>What a text is.</summary>
    /// <param name="value">All of it: from a sign that separates to the next.</param>
    public static SecretKind KindOf(ReadOnlySpan<byte> value)
    {
        if (value.Length < 20)
        {
            return SecretKind.None;
        }

        foreach (var form in Forms[value[0]] ?? [])
        {
            if (value.Length >= form.Length && value.StartsWith(form.Prefix.Span) && HasDrawn(value[form.Prefix.Length..], form.Run))
            {
                return form.Kind;
            }
        }

        return (value.StartsWith("AKIA"u8) || value.StartsWith("ASIA"u8)) && IsUpper(value[4..20]) ? SecretKind.CloudAccessKey
            : value.Length is > 36 and < 44 && char.IsAsciiDigit((char)value[3]) && value[4..].StartsWith("Q~"u8) ? SecretKind.CloudAccessKey
            : value.Length >= 40 && value.StartsWith("eyJ"u8) && value.Count((byte)'.') == 2 && value.IndexOf(".eyJ"u8) > 0 ? SecretKind.WebToken
            : SecretKind.None;
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

    /// <summary>Whether it has so many letters and digits in a row, a digit among them, or as many letters as only chance mixes.</summary>
    private static bool HasDrawn(ReadOnlySpan<byte> text, int run)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var length = text[at..].IndexOfAnyExcept(TextLetter.LettersAndDigits);
            var row = text.Slice(at, length < 0 ? text.Length - at : length);
            if ((row.Length >= run && row.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0) || (row.Length >= DrawnLetters && IsMixedByChance(row)))
            {
                return true;
            }

            at += row.Length;
        }

        return false;
    }

    private static bool IsMixedByChance(ReadOnlySpan<byte> letters)
    {
        var (changes, capitals) = (0, 0);
        for (var i = 1; i < letters.Length; i++)
        {
            var (was, now) = (char.IsAsciiLetterUpper((char)letters[i - 1]), char.IsAsciiLetterUpper((char)letters[i]));
            changes += was != now ? 1 : 0;
            capitals += was && now ? 1 : 0;
        }

        return capitals > 1 && changes * 3 >= letters.Length;
    }

    private static Form[]?[] ByFirstByte(params Form[] forms)
    {
        var table = new Form[]?[256];
        foreach (var first in forms.GroupBy(form => form.Prefix.Span[0]))
        {
            table[first.Key] = [.. first];
        }

        return table;
    }

    /// <param name="Prefix">How it begins.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Length">Least length, its beginning included.</param>
    /// <param name="Run">Letters and digits in a row that it has at least somewhere.</param>
    private readonly record struct Form(ReadOnlyMemory<byte> Prefix, SecretKind Kind, int Length, int Run)
    {
        public Form(string prefix, SecretKind kind, int length, int run = 1)
            : this(System.Text.Encoding.ASCII.GetBytes(prefix), kind, length, run)
        {
        }
    }
}
