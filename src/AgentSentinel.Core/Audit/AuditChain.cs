using System.Security.Cryptography;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Audit;

/// <summary>The end of an audit trail, at which records are added. Not thread-safe; the journal's pipeline owns it.</summary>
public sealed class AuditChain
{
    private readonly FingerprintKey _key;
    private byte[] _head;

    /// <summary>Goes on after a record; from the beginning when <paramref name="sequence"/> is 0.</summary>
    /// <param name="key">The deployment's key for fingerprints.</param>
    /// <param name="sequence">Number of the last record.</param>
    /// <param name="head">Its hash; empty at the beginning.</param>
    public AuditChain(FingerprintKey key, long sequence = 0, ReadOnlyMemory<byte> head = default)
    {
        _key = key;
        Sequence = sequence;
        _head = sequence == 0 ? Root() : head.ToArray();
    }

    /// <summary>Number of the last record; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Hash of the last record.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Adds a record.</summary>
    /// <param name="time">The journal's clock.</param>
    /// <param name="content">What it says.</param>
    /// <param name="secret">32 random bytes, which must be forgotten: whoever had them could find erased values by trying.</param>
    /// <returns>Its line, without a line break.</returns>
    public byte[] Append(DateTimeOffset time, AuditContent content, ReadOnlySpan<byte> secret)
    {
        var record = AuditRecord.Create(Sequence + 1, _head, time, content, secret, _key);
        (Sequence, _head) = (record.Sequence, record.Hash);
        return record.ToLine();
    }

    /// <summary>Number of the record on a line; null when it is no record.</summary>
    /// <param name="line">The line, without its line break.</param>
    public static long? SequenceOf(ReadOnlySpan<byte> line) => AuditRecord.Read(line)?.Sequence;

    /// <summary>What stands before the first record.</summary>
    internal static byte[] Root() => SHA256.HashData("AgentSentinel audit root 1"u8);
}
