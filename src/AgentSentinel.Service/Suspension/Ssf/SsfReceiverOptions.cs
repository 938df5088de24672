using System.ComponentModel;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension.Ssf;

/// <summary>A receiver of Security Event Tokens, with one stream to it.</summary>
public sealed record SsfReceiverOptions : IValidatedOptions
{
    /// <summary>Where tokens are pushed.</summary>
    [Description("Where tokens are pushed (RFC 8935). https, or http to loopback with AllowPrivateTargets.")]
    public string Url { get; init; } = "";

    /// <summary>Audience.</summary>
    [Description("The audience that the receiver expects in tokens.")]
    public string Audience { get; init; } = "";

    /// <summary>File with an Authorization header.</summary>
    [Description("File that holds the value of the Authorization header that the receiver asks for. Empty: none.")]
    public string? AuthorizationFile { get; init; }

    /// <summary>Issuer of subjects.</summary>
    [Description("Issuer of the identities that Agents name: the receiver's own, as a rule.")]
    public string SubjectIssuer { get; init; } = "";

    /// <summary>Agents.</summary>
    [Description("The agents that it is told about; Target is the subject at SubjectIssuer, such as a client id.")]
    public AgentTargetOptions[] Agents { get; init; } = [];

    /// <summary>Stream id.</summary>
    [Description("Id of the stream, for verification.")]
    public string StreamId { get; init; } = "";

    /// <summary>File with the token for verification.</summary>
    [Description("File that holds the bearer token with which the receiver may ask for a verification event. Empty: it may not.")]
    public string? VerificationTokenFile { get; init; }

    /// <summary>Timeout.</summary>
    [Description("How long one request may take.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the receiver may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate() =>
        TargetUrl.Errors(nameof(Url), Url, AllowPrivateTargets)
            .Concat(Audience.Length == 0 ? ["Audience: is needed."] : [])
            .Concat(SubjectIssuer.Length == 0 ? ["SubjectIssuer: is needed."] : [])
            .Concat(AuthorizationFile is null ? [] : SecretFile.Errors(nameof(AuthorizationFile), AuthorizationFile))
            .Concat(VerificationTokenFile is null ? [] : SecretFile.Errors(nameof(VerificationTokenFile), VerificationTokenFile))
            .Concat(VerificationTokenFile is not null && StreamId.Length == 0 ? ["StreamId: is needed for verification."] : [])
            .Concat(AgentTargetOptions.Errors(nameof(Agents), Agents))
            .Concat(Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5) ? ["Timeout: must be more than 0 and at most 5 minutes."] : []);
}
