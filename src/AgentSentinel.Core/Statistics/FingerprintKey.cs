using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentSentinel.Core.Statistics;

/// <summary>
/// The 128-bit key of <see cref="Fingerprint"/>, derived from a secret of the deployment: fingerprints match after a restart and mean nothing outside.
/// It is a secret itself: never logged, and its text says nothing of it.
/// </summary>
public readonly record struct FingerprintKey
{
    /// <summary>The key from its two halves.</summary>
    /// <param name="k0">Bytes 0–7, little-endian.</param>
    /// <param name="k1">Bytes 8–15, little-endian.</param>
    public FingerprintKey(ulong k0, ulong k1)
    {
        K0 = k0;
        K1 = k1;
    }

    internal ulong K0 { get; }

    internal ulong K1 { get; }

    /// <summary>The first half of HMAC-SHA-256 over a fixed label, keyed with the secret: other uses of the same secret give other keys.</summary>
    /// <param name="secret">At least 16 bytes, so that a key cannot be guessed.</param>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is shorter.</exception>
    public static FingerprintKey FromSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < 16)
        {
            throw new ArgumentException("A secret must have at least 16 bytes.", nameof(secret));
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, "AgentSentinel fingerprint key 1"u8, hash);
        return new FingerprintKey(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => "FingerprintKey (secret)";
}
