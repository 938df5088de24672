using System.Globalization;
using System.Security.Cryptography;

namespace AgentSentinel.Service.Suspension;

/// <summary>Signs and verifies as Standard Webhooks 1.0 says: HMAC-SHA256 over <c>{id}.{timestamp}.{raw body}</c>.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Version = "v1,";

    // The specification names no number; its reference libraries use this one.
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The header's value: one signature for each secret, so that a receiver may know the old or the new one while they rotate.</summary>
    public static string Sign(IReadOnlyList<WebhookSecret> secrets, string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        var signatures = new string[secrets.Count];
        for (var i = 0; i < signatures.Length; i++)
        {
            signatures[i] = Version + Convert.ToBase64String(secrets[i].Hash(id, timestamp.ToUnixTimeSeconds(), body));
        }

        return string.Join(' ', signatures);
    }

    public static SignatureVerdict Verify(
        IReadOnlyList<WebhookSecret> secrets, string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signature))
        {
            return SignatureVerdict.MissingHeader;
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return SignatureVerdict.MalformedTimestamp;
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > (long)Tolerance.TotalSeconds)
        {
            return SignatureVerdict.OutsideTolerance;
        }

        // An id with a dot could shift bytes between id and timestamp under the same hash.
        return !id.Contains('.', StringComparison.Ordinal) && IsSignedByAny(secrets, id, seconds, signature, body)
            ? SignatureVerdict.Valid
            : SignatureVerdict.NoMatch;
    }

    private static bool IsSignedByAny(IReadOnlyList<WebhookSecret> secrets, string id, long seconds, string signature, ReadOnlySpan<byte> body)
    {
        // Every secret is compared with every signature, with no early way out: the time taken says nothing about which came close.
        var isSigned = false;
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in secrets)
        {
            var expected = secret.Hash(id, seconds, body);
            foreach (var part in signature.AsSpan().Split(' '))
            {
                var candidate = signature.AsSpan(part);
                isSigned |= candidate.StartsWith(Version, StringComparison.Ordinal)
                    && Convert.TryFromBase64Chars(candidate[Version.Length..], claimed, out var length)
                    && length == claimed.Length
                    && CryptographicOperations.FixedTimeEquals(expected, claimed);
            }
        }

        return isSigned;
    }
}
