using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentSentinel.Core.Audit;

/// <summary>
/// A signed statement that a record had a hash: kept apart from the trail, it shows that the trail was rewritten or cut off, which a chain
/// alone cannot. ECDSA over P-256 with SHA-256.
/// </summary>
/// <param name="Sequence">Number of the record.</param>
/// <param name="Hash">Its hash, base64url.</param>
/// <param name="Time">When it was signed.</param>
/// <param name="Signature">The signature, base64url; empty before it is signed.</param>
public sealed record AuditAnchor(long Sequence, string Hash, DateTimeOffset Time, string Signature)
{
    /// <summary>An anchor that is still to be signed.</summary>
    /// <param name="chain">The chain whose last record is anchored.</param>
    /// <param name="time">When.</param>
    public static AuditAnchor Of(AuditChain chain, DateTimeOffset time) => new(chain.Sequence, Base64Url.EncodeToString(chain.Head), time.ToUniversalTime(), "");

    /// <summary>What is signed.</summary>
    public byte[] SignedBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"AgentSentinel audit anchor 1\n{Sequence}\n{Hash}\n{Time.UtcTicks}"));

    /// <summary>The same, signed.</summary>
    /// <param name="signature">Signature over <see cref="SignedBytes"/>.</param>
    public AuditAnchor With(ReadOnlySpan<byte> signature) => this with { Signature = Base64Url.EncodeToString(signature) };

    /// <summary>Whether the signature is of a key.</summary>
    /// <param name="key">The public key.</param>
    public bool IsSignedBy(ECDsa key)
    {
        try
        {
            return key.VerifyData(SignedBytes(), Base64Url.DecodeFromChars(Signature), HashAlgorithmName.SHA256);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The anchor as one line without its line break.</summary>
    public byte[] ToLine() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $$"""{"seq":{{Sequence}},"hash":"{{Hash}}","ticks":{{Time.UtcTicks}},"signature":"{{Signature}}"}"""));

    /// <summary>Reads a line; null when it is none.</summary>
    /// <param name="line">The line.</param>
    public static AuditAnchor? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            var anchor = new AuditAnchor(
                root.GetProperty("seq"u8).GetInt64(),
                root.GetProperty("hash"u8).GetString()!,
                new DateTimeOffset(root.GetProperty("ticks"u8).GetInt64(), TimeSpan.Zero),
                root.GetProperty("signature"u8).GetString()!);
            return line.SequenceEqual(anchor.ToLine()) ? anchor : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }
}
