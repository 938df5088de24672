using System.ComponentModel;
using System.Text;
using AgentSentinel.Core.Registry;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Provenance;

/// <summary>Which producer may write telemetry of which agents. Without producers everybody who may write to the topic may write anything.</summary>
public sealed record ProvenanceOptions : IValidatedOptions
{
    /// <summary>Producers by the name that the header <c>sentinel.producer</c> of their records gives.</summary>
    [Description("Producers by the name in the header sentinel.producer of their records. Without any, whoever may write to the topic may write any agent's telemetry.")]
    public Dictionary<string, ProducerOptions> Producers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What happens to records that name no producer while producers are configured.</summary>
    [Description("What happens to records that name no producer while producers are configured: Open accepts them, Closed sends them to the dead letters.")]
    public FailMode Unidentified { get; init; } = FailMode.Closed;

    /// <summary>Whether a record's key must be its agent's id.</summary>
    [Description("Whether a record's key must be the id of its agent; others go to the dead letters.")]
    public bool KeyMustBeAgent { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, producer) in Producers)
        {
            if (producer.Agents.Length == 0)
            {
                yield return $"Producers[{name}]: may write for no agent; name some in Agents.";
            }

            if (producer.SecretFile is not null && producer.Secret.Length > 0)
            {
                yield return $"Producers[{name}]: has both Secret and SecretFile.";
            }

            if (!producer.TryReadSecret(out _, out var error))
            {
                yield return $"Producers[{name}]: {error}";
            }
        }
    }
}

/// <summary>One producer of telemetry.</summary>
public sealed record ProducerOptions
{
    private const int LeastSecretBytes = 16;

    /// <summary>Agents that it may write for; * stands for any text.</summary>
    [Description("Agents whose telemetry it may write; * stands for any text.")]
    public string[] Agents { get; init; } = [];

    /// <summary>Secret with which it signs its records; empty when it does not.</summary>
    [PasswordPropertyText(true)]
    [Description("Secret of at least 16 characters with which it signs: the header sentinel.signature holds the HMAC-SHA256 of the record's value in hexadecimal. Empty: its name alone is believed.")]
    public string Secret { get; init; } = "";

    /// <summary>File with the secret.</summary>
    [Description("File that holds the secret, instead of Secret.")]
    public string? SecretFile { get; init; }

    /// <summary>Whether it may write an agent's telemetry.</summary>
    internal bool MayWriteFor(string agentId) => Glob.MatchesAnyId(Agents, agentId);

    /// <summary>The secret's bytes; null when records are not signed.</summary>
    internal bool TryReadSecret(out byte[]? secret, out string? error)
    {
        (secret, error) = (null, null);
        try
        {
            var text = SecretFile is null ? Secret : File.ReadAllText(SecretFile).Trim();
            secret = text.Length == 0 ? null : Encoding.UTF8.GetBytes(text);
            error = SecretFile is not null && secret is null ? "the file of the secret is empty."
                : secret is { Length: < LeastSecretBytes } ? $"the secret needs at least {LeastSecretBytes} characters."
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"the file of the secret cannot be read ({e.GetType().Name}).";
        }

        return error is null;
    }
}
