using System.Security.Claims;
using AgentSentinel.Service.Api;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Web.Access;

/// <summary>Who looks at an open page. A connection lasts for hours: it is asked again and again whether its token is still good.</summary>
internal sealed class SessionState(IServiceScopeFactory scopes, ApiOptions api, ILoggerFactory logs) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(15);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Task.FromResult(IsGood(authenticationState.User));

    /// <summary>The caller, if he is one still, with the role that he has now.</summary>
    public Caller? Now(ClaimsPrincipal user)
    {
        if (!api.HasAuthentication)
        {
            return Caller.Of(user);
        }

        using var scope = scopes.CreateScope();
        return Session.Renewed(scope.ServiceProvider, user) is { } known ? Caller.Of(known) : null;
    }

    private bool IsGood(ClaimsPrincipal user) => Now(user) is { } now && now == Caller.Of(user);
}
