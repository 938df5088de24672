using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSentinel.Service.Api;

/// <summary>
/// On loopback, where no tokens are configured: everybody on this machine is one and the same admin, so two people can never agree here. What a browser
/// sends for a page of somebody else's is not from this machine, whatever the connection says.
/// </summary>
internal sealed class LocalAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public new const string Scheme = "local";

    public const string Name = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(IsFromHere()
        ? AuthenticateResult.Success(new AuthenticationTicket(Caller.Principal(Name, Role.Admin, Scheme), Scheme))
        : AuthenticateResult.Fail("The request is not from this machine."));

    private bool IsFromHere()
    {
        // A name of somebody's that was made to point here (DNS rebinding) shows in Host, a foreign page in Origin.
        var host = Request.Host;
        var isHere = host.Host is "localhost" || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return isHere
            && Context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
            && Request.Headers.Origin is var origins && (origins.Count == 0 || origins is [{ } origin] && origin == $"{Request.Scheme}://{host}")
            && Request.Headers["Sec-Fetch-Site"] is var site && (site.Count == 0 || site is ["same-origin" or "none"]);
    }
}
