using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AgentSentinel.Service.Audit;

/// <summary>The audit trail of the response side.</summary>
public sealed record AuditOptions
{
    /// <summary>Whether a trail is kept.</summary>
    [Description("Whether a hash-chained audit trail of the journal, of decisions and of orders is kept.")]
    public bool Enabled { get; init; } = true;

    /// <summary>The file; null for <c>audit.jsonl</c> in the checkpoint folder.</summary>
    [Description("The file of the trail; anchors go to the same name with .anchors. Empty: audit.jsonl in the checkpoint folder. All instances must see the same file.")]
    public string? File { get; init; }

    /// <summary>Private key that signs anchors, PEM; null for <c>audit-key.pem</c> in the checkpoint folder.</summary>
    [Description("File with the private key (ECDSA P-256, PEM) that signs anchors. Empty: audit-key.pem in the checkpoint folder, made at the first start; its public key is beside it as audit-key.pub.pem: keep a copy elsewhere.")]
    public string? KeyFile { get; init; }

    /// <summary>Most records between two anchors.</summary>
    [Description("Most records between two anchors.")]
    [Range(1, 1_000_000)]
    public int AnchorEvery { get; init; } = 100;

    /// <summary>Longest time that a record waits for an anchor.</summary>
    [Description("Longest time that a record waits for an anchor.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnchorWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Topic that gets the anchors too; null for none.</summary>
    [Description("Kafka topic that gets each anchor as well, so that it cannot be lost together with the file. Empty: none.")]
    public string? AnchorTopic { get; init; }
}
