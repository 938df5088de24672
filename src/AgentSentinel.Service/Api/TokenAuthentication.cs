using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSentinel.Service.Api;

/// <summary>Knows callers by the bearer tokens of a file.</summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public new const string Scheme = "token";

    private const string Bearer = "Bearer ";

    /// <summary>The bearer token of a request; null when it has none, or several.</summary>
    public static string? SecretIn(Microsoft.AspNetCore.Http.HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        SecretIn(Request) is not { } secret ? AuthenticateResult.NoResult()
        : tokens.Find(secret) is { } principal ? AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme))
        : AuthenticateResult.Fail("The token is unknown or has expired."));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return base.HandleChallengeAsync(properties);
    }
}
