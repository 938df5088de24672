using System.ComponentModel;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Suspension.Ssf;

namespace AgentSentinel.Service.Suspension;

/// <summary>Ways to suspend besides the webhook.</summary>
public sealed record SuspensionAdapterOptions : IValidatedOptions
{
    /// <summary>Identity systems that are called directly.</summary>
    [Description("Identity systems that are called directly, each by a template.")]
    public Dictionary<string, HttpAdapterOptions> Http { get; init; } = [];

    /// <summary>Shared Signals.</summary>
    [Description("Signed Security Event Tokens (CAEP, RISC) pushed to receivers of Shared Signals.")]
    public SsfOptions Ssf { get; init; } = new();

    /// <summary>Token revocation.</summary>
    [Description("OAuth token revocation (RFC 7009) for tokens that a gateway keeps in files.")]
    public Dictionary<string, TokenRevocationOptions> TokenRevocation { get; init; } = [];

    internal bool IsAny => Http.Count + TokenRevocation.Count > 0 || Ssf.Receivers.Count > 0;

    /// <inheritdoc />
    public IEnumerable<string> Validate() => Http.Keys.Concat(Ssf.Receivers.Keys).Concat(TokenRevocation.Keys)
        .Where(name => !OutboxMessage.IsValidId(name) || name.Contains(AdapterOrder.Separator, StringComparison.Ordinal) || name.Length > 64)
        .Select(name => $"'{OptionsText.Shown(name)}' is no name for a way to suspend: up to 64 letters, digits and -_/:~=+.");
}
