using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Provenance;

/// <summary>
/// Holds records to who wrote them: a producer may tell of its own agents only, so that nobody can get another's agent suspended by
/// claiming its id. Owned by one partition's worker.
/// </summary>
internal sealed class ProducerBinding
{
    private readonly bool _keyMustBeAgent;
    private readonly FailMode _unidentified;
    private readonly (byte[] Name, ProducerOptions Options, byte[]? Secret)[] _producers;

    public ProducerBinding(ProvenanceOptions options)
    {
        _keyMustBeAgent = options.KeyMustBeAgent;
        _unidentified = options.Unidentified;
        _producers = [.. options.Producers.Select(p => (Encoding.UTF8.GetBytes(p.Key), p.Value, SecretOf(p.Value)))];
    }

    /// <summary>Whether anything is asked of records at all.</summary>
    public bool IsOn => _keyMustBeAgent || _producers.Length > 0;

    /// <summary>Why a record is refused, as a reason for the dead letters; null when it is accepted.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="i">The record in it.</param>
    /// <param name="agentId">The agent that it claims to be of.</param>
    public string? Objection(RecordBatch batch, int i, string agentId)
    {
        if (_keyMustBeAgent && !IsText(batch.Key(i).Span, agentId))
        {
            return "key_is_not_the_agent";
        }

        if (_producers.Length == 0)
        {
            return null;
        }

        var name = batch.Producer(i).Span;
        if (name.IsEmpty)
        {
            return _unidentified == FailMode.Closed ? "unidentified_producer" : null;
        }

        foreach (var (known, options, secret) in _producers)
        {
            // Byte for byte: a name that differs by case or by a letter of another alphabet is another producer.
            if (known.AsSpan().SequenceEqual(name))
            {
                return secret is not null && !IsSignature(secret, batch.Value(i).Span, batch.Signature(i).Span) ? "bad_signature"
                    : options.MayWriteFor(agentId) ? null
                    : "agent_of_another_producer";
            }
        }

        return "unknown_producer";
    }

    private static byte[]? SecretOf(ProducerOptions producer) =>
        producer.TryReadSecret(out var secret, out var error) ? secret : throw new InvalidDataException(error);

    private static bool IsText(ReadOnlySpan<byte> utf8, string text)
    {
        Span<byte> bytes = stackalloc byte[1024];
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length) && utf8.SequenceEqual(bytes[..length]);
    }

    private static bool IsSignature(byte[] secret, ReadOnlySpan<byte> value, ReadOnlySpan<byte> hex)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, value, expected);
        return hex.Length == 2 * HMACSHA256.HashSizeInBytes
            && Convert.FromHexString(hex, claimed, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, claimed);
    }
}
