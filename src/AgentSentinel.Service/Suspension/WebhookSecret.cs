using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AgentSentinel.Service.Suspension;

/// <summary>One signing key. A class of its own, so that the key is never a string that a log or a record prints.</summary>
internal sealed class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const int MinBytes = 24;
    public const int MaxBytes = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Reads <c>whsec_&lt;base64&gt;</c>; the error says what is wrong and never repeats the text.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out WebhookSecret? secret, [NotNullWhen(false)] out string? error)
    {
        secret = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            error = $"does not begin with \"{Prefix}\"";
            return false;
        }

        var key = new byte[text.Length];
        if (!Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out var length))
        {
            error = "is not base64";
            return false;
        }

        if (length is < MinBytes or > MaxBytes)
        {
            error = $"has {length} bytes; {MinBytes} to {MaxBytes} are allowed";
            return false;
        }

        secret = new WebhookSecret(key[..length]);
        error = null;
        return true;
    }

    public static WebhookSecret Parse(string text) =>
        TryParse(text, out var secret, out var error) ? secret : throw new ArgumentException($"The secret {error}.", nameof(text));

    /// <summary>A new random secret in its written form.</summary>
    public static string Generate() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public byte[] Hash(string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    public override string ToString() => Prefix + "***";
}
