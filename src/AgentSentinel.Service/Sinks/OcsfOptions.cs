using System.ComponentModel;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Sinks;

/// <summary>Where OCSF findings go.</summary>
public sealed record OcsfOptions : IValidatedOptions
{
    /// <summary>Topic.</summary>
    [Description("Kafka topic for OCSF findings, keyed by agent. Empty: none.")]
    public string? KafkaTopic { get; init; }

    /// <summary>Webhook.</summary>
    [Description("Where OCSF findings are posted as Standard Webhooks of the types alert.created, alert.updated and alert.closed. https, or http to loopback with AllowPrivateTargets. Empty: none.")]
    public string? WebhookUrl { get; init; }

    /// <summary>Files with signing secrets.</summary>
    [Description("Files that hold one signing secret each for WebhookUrl, whsec_<base64>; every request is signed with all of them. Read at start.")]
    public string[] SecretFiles { get; init; } = [];

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether WebhookUrl may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate() => WebhookUrl is null
        ? []
        : TargetUrl.Errors(nameof(WebhookUrl), WebhookUrl, AllowPrivateTargets)
            .Concat(SecretFiles.Length == 0 ? ["SecretFiles: at least one is needed to sign what is sent to WebhookUrl."] : [])
            .Concat(SecretFiles.SelectMany(SecretErrors));

    internal IReadOnlyList<WebhookSecret> ReadSecrets() => [.. SecretFiles.Select(file => WebhookSecret.Parse(SecretFile.Read(file)))];

    private static IEnumerable<string> SecretErrors(string file, int i) =>
        !SecretFile.TryRead(file, out var text, out var error) ? [$"SecretFiles[{i}]: {error}."]
        : !WebhookSecret.TryParse(text, out _, out var bad) ? [$"SecretFiles[{i}]: the secret {bad}."]
        : [];
}
