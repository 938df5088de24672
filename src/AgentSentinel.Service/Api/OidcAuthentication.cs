using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace AgentSentinel.Service.Api;

/// <summary>Knows callers by the tokens of an OpenID Connect provider. Out of a token come a name and a role; all else in it is left behind.</summary>
internal static class OidcAuthentication
{
    private const string NamePrefix = "oidc:";

    public static void Configure(JwtBearerOptions jwt, OidcOptions options)
    {
        jwt.Authority = options.Authority;
        jwt.Audience = options.Audience;
        jwt.MapInboundClaims = false;

        // The options allow http on loopback only.
        jwt.RequireHttpsMetadata = options.Authority!.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        jwt.TokenValidationParameters.ValidateIssuer = true;
        jwt.TokenValidationParameters.ValidateAudience = true;
        jwt.TokenValidationParameters.RequireExpirationTime = true;
        jwt.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                if (context.Principal?.FindFirstValue(options.NameClaim) is not { Length: > 0 } name)
                {
                    context.Fail("The token names nobody.");
                    return Task.CompletedTask;
                }

                context.Principal = Caller.Principal(NamePrefix + name, RoleOf(context.Principal, options), context.Scheme.Name);
                return Task.CompletedTask;
            },
        };
    }

    private static Role? RoleOf(ClaimsPrincipal principal, OidcOptions options)
    {
        var roles = principal.FindAll(options.RoleClaim).Where(c => options.Roles.ContainsKey(c.Value)).Select(c => options.Roles[c.Value]).ToList();
        return roles.Count > 0 ? roles.Max() : null;
    }
}
