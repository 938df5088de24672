namespace AgentSentinel.Core.Audit;

/// <summary>
/// One field of an audit record. What may be about a person is committed: the chain holds <c>SHA-256(salt, name, value)</c>, so value and salt
/// can be erased without breaking it, and nobody can find an erased value by trying. Numbers and truth values stand as they are.
/// </summary>
/// <param name="Name">Dotted path, snake_case.</param>
/// <param name="Value">The value as JSON; null when it was erased.</param>
internal sealed record AuditCell(string Name, string? Value)
{
    /// <summary>Commitment to the value, 32 bytes; null for a value that is not committed.</summary>
    public byte[]? Commitment { get; init; }

    /// <summary>Salt of the commitment, 16 bytes; null when it was erased.</summary>
    public byte[]? Salt { get; init; }

    /// <summary>Fingerprint of the value under the deployment's key: the same value has the same one in every record, before and after it was erased.</summary>
    public ulong Fingerprint { get; init; }
}
