using System.ComponentModel;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension.Ssf;

/// <summary>We as a transmitter of Shared Signals.</summary>
public sealed record SsfOptions : IValidatedOptions
{
    /// <summary>Issuer.</summary>
    [Description("Our issuer: the https URL under which receivers reach this service's /.well-known/ssf-configuration.")]
    public string? Issuer { get; init; }

    /// <summary>File with the signing key.</summary>
    [Description("File that holds the private key that tokens are signed with, in PEM: RSA of 2048 bits or more (RS256, what interoperability asks for) or P-256 (ES256).")]
    public string? SigningKeyFile { get; init; }

    /// <summary>Receivers.</summary>
    [Description("Receivers of Security Event Tokens.")]
    public Dictionary<string, SsfReceiverOptions> Receivers { get; init; } = [];

    /// <inheritdoc />
    public IEnumerable<string> Validate()
    {
        if (Receivers.Count == 0 && Issuer is null)
        {
            yield break;
        }

        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme != Uri.UriSchemeHttps || issuer.Query.Length + issuer.Fragment.Length > 0)
        {
            yield return "Issuer: an https URL without query and fragment is needed.";
        }

        foreach (var error in SigningKeyFile is null ? ["SigningKeyFile: is needed."] : TokenSigner.Errors(nameof(SigningKeyFile), SigningKeyFile))
        {
            yield return error;
        }
    }
}
