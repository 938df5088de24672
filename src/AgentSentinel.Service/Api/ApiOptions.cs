using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Api;

/// <summary>The HTTP API: where it listens and who may use it.</summary>
public sealed record ApiOptions : IValidatedOptions
{
    [Description("Address of the API, such as https://0.0.0.0:8443 or http://127.0.0.1:8081. Empty: no API. Anything but loopback needs TokenFile or Oidc, and a certificate unless AllowHttp. On loopback without both, everybody on this machine is admin.")]
    public string Url { get; init; } = "";

    [Description("Certificate for https, PEM, with its chain.")]
    public string? CertificateFile { get; init; }

    [Description("Private key of the certificate, PEM; empty when it is in CertificateFile.")]
    public string? CertificateKeyFile { get; init; }

    [Description("Whether http is allowed beyond loopback: for a proxy in front that does TLS.")]
    public bool AllowHttp { get; init; }

    [Description("File of the bearer tokens; they are made with 'sentinel token create'. Read again when it changes.")]
    public string? TokenFile { get; init; }

    [Description("Tokens of an OpenID Connect provider.")]
    public OidcOptions Oidc { get; init; } = new();

    [Description("Most streams and waiting requests at a time.")]
    [Range(1, 100_000)]
    public int MaxStreams { get; init; } = 2_000;

    [Description("Most requests a minute of one caller; questions for decisions do not count.")]
    [Range(1, 1_000_000)]
    public int MaxRequestsPerMinute { get; init; } = 1_200;

    [Description("Most commands a minute of one caller.")]
    [Range(1, 1_000_000)]
    public int MaxCommandsPerMinute { get; init; } = 120;

    [Description("How long the access log (api-access-<day>.jsonl in Checkpoints:Folder) is kept.")]
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepAccessLog { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Whether there is an API.</summary>
    public bool IsOn => Url.Length > 0;

    /// <summary>Whether callers are known by anything.</summary>
    public bool HasAuthentication => TokenFile is { Length: > 0 } || Oidc.IsOn;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (TokenFile is { Length: > 0 } && !ApiTokens.TryRead(TokenFile, out _, out var error))
        {
            yield return $"TokenFile: {error}.";
        }

        if (CertificateFile is { Length: > 0 } && !ApiListener.TryReadCertificate(this, out _, out var problem))
        {
            yield return $"CertificateFile: {problem}.";
        }

        if (!IsOn)
        {
            yield break;
        }

        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/" || url.UserInfo.Length > 0)
        {
            yield return "Url: must be http:// or https:// with an address and a port, and nothing behind it.";
            yield break;
        }

        if (url.Scheme == "https" && CertificateFile is not { Length: > 0 })
        {
            yield return "CertificateFile: https needs a certificate.";
        }

        if (!IsLoopback(url) && !HasAuthentication)
        {
            yield return "Url: is not a loopback address, so callers must be known: set TokenFile or Oidc.";
        }

        if (!IsLoopback(url) && url.Scheme == "http" && !AllowHttp)
        {
            yield return "Url: tokens would travel unencrypted; use https, or set AllowHttp behind a proxy that does TLS.";
        }
    }

    // A name may mean any address, whatever it resolves to now.
    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>Callers whom an OpenID Connect provider knows.</summary>
public sealed record OidcOptions : IValidatedOptions
{
    [Description("Issuer, such as https://login.example.com/realms/soc; its keys are found from there. Empty: none.")]
    public string? Authority { get; init; }

    [Description("Audience that a token must be for.")]
    public string? Audience { get; init; }

    [Description("Claim that names the person in the journal, as oidc:<value>. It must be one that people cannot change themselves: two people are told apart by it.")]
    public string NameClaim { get; init; } = "sub";

    [Description("Claim that holds groups or roles.")]
    public string RoleClaim { get; init; } = "roles";

    [Description("Roles here by value of that claim: Viewer, Analyst, Responder, Admin or Gateway. Who has several gets the highest.")]
    public Dictionary<string, Role> Roles { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a provider is configured.</summary>
    public bool IsOn => Authority is { Length: > 0 };

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (!IsOn)
        {
            yield break;
        }

        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var url) || (url.Scheme != "https" && !(url.Scheme == "http" && url.IsLoopback)))
        {
            yield return "Authority: must be an https address.";
        }

        if (Audience is not { Length: > 0 })
        {
            yield return "Audience: is needed, as a token for somebody else must not open this.";
        }

        if (Roles.Count == 0)
        {
            yield return "Roles: without any nobody may do anything.";
        }
    }
}
