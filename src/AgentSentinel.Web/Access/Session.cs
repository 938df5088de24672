using System.Security.Claims;
using AgentSentinel.Service.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSentinel.Web.Access;

/// <summary>
/// How a browser is known: by a cookie that it gets for a token, once. The cookie opens the console only, never the API; it is worth no more than the
/// token, and nothing when that is taken back.
/// </summary>
internal static class Session
{
    public const string Scheme = "console";

    private const string Cookie = "sentinel-console";
    private const string TokenClaim = "sentinel_token";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public static void AddTo(IServiceCollection services, ApiOptions api, string folder)
    {
        // All instances understand each other's cookies, also after a restart.
        services.AddDataProtection().PersistKeysToFileSystem(KeyFolder(Path.Combine(folder, "console-keys"))).SetApplicationName("AgentSentinel.Console");
        if (!api.HasAuthentication)
        {
            return;
        }

        services.AddAuthentication().AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = Cookie;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/sign-in";
            cookie.ReturnUrlParameter = "from";
            cookie.SlidingExpiration = false;
            cookie.Events.OnValidatePrincipal = async context =>
            {
                if (Renewed(context.HttpContext.RequestServices, context.Principal!) is { } principal)
                {
                    context.ReplacePrincipal(principal);
                    return;
                }

                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(Scheme);
            };
        });
        services.PostConfigure<PolicySchemeOptions>(ApiHost.Selector, selector =>
        {
            var ofApi = selector.ForwardDefaultSelector!;
            selector.ForwardDefaultSelector = context => IsOfConsole(context) ? Scheme : ofApi(context);
        });
    }

    // Whoever can read these keys can make a cookie of anybody's.
    private static DirectoryInfo KeyFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Exchanges a token for a cookie.</summary>
    /// <returns>False when the token is not good, or good for gateways only.</returns>
    public static async Task<bool> SignInAsync(HttpContext context, string token)
    {
        // As if it had come with a request to the API: whatever knows tokens there knows them here.
        context.Request.Headers.Authorization = $"Bearer {token}";
        var scheme = context.RequestServices.GetRequiredService<IOptionsMonitor<PolicySchemeOptions>>().Get(ApiHost.Selector).ForwardDefaultSelector!(new DefaultHttpContext { Request = { Path = "/v1", Headers = { Authorization = $"Bearer {token}" } } });
        var result = await context.AuthenticateAsync(scheme);
        context.Request.Headers.Remove("Authorization");
        if (!result.Succeeded || Caller.Of(result.Principal) is not { Role: >= Role.Viewer })
        {
            return false;
        }

        var identity = new ClaimsIdentity(result.Principal.Claims, Scheme);
        identity.AddClaim(new Claim(TokenClaim, token.StartsWith(ApiToken.Prefix, StringComparison.Ordinal) ? ApiToken.Hash(token) : ""));
        var longest = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + Longest;
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties
        {
            IsPersistent = false,
            AllowRefresh = false,
            ExpiresUtc = result.Properties?.ExpiresUtc is { } ends && ends < longest ? ends : longest,
        });
        return true;
    }

    /// <summary>The same person with the role that the token has now; null when it is no longer good.</summary>
    public static ClaimsPrincipal? Renewed(IServiceProvider services, ClaimsPrincipal principal)
    {
        if (principal.FindFirstValue(TokenClaim) is not { Length: > 0 } hash)
        {
            // Not of a file: good until the cookie ends. Nobody but us could have made one.
            return Caller.Of(principal) is null ? null : principal;
        }

        if (services.GetService<ApiTokens>()?.FindByHash(hash) is not { } known || Caller.Of(known) is not { Role: >= Role.Viewer })
        {
            return null;
        }

        var identity = new ClaimsIdentity(known.Claims, Scheme);
        identity.AddClaim(new Claim(TokenClaim, hash));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Whether a request is of the console. The API never takes a cookie: nothing that a foreign page makes a browser send can command anything.</summary>
    private static bool IsOfConsole(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>() is not null;

    public static void Map(IEndpointRouteBuilder routes, PagePolicy policy) => routes.MapPost("/sign-out", async (HttpContext context, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery) =>
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        await context.SignOutAsync(Scheme);
        return Results.LocalRedirect("/sign-in");
    }).ExcludeFromDescription().WithMetadata(policy);
}
