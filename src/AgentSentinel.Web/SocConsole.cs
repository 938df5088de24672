using AgentSentinel.Web.Actions;
using AgentSentinel.Web.Assets;
using AgentSentinel.Web.Layout;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace AgentSentinel.Web;

/// <summary>The console of the SOC, as a part of the service's web host.</summary>
public static class SocConsole
{
    // Nothing from elsewhere, no script but the three files, no frame around it. Style attributes are how bars get their length; they run nothing.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Registers what the console needs besides the service itself.</summary>
    /// <param name="builder">The service's builder.</param>
    public static void AddTo(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true);
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        services.AddSingleton<ConsoleFeed>();
        services.AddHostedService(p => p.GetRequiredService<ConsoleFeed>());
        services.AddSingleton<ActionCases>();
        services.AddScoped<ActionDialogs>();
    }

    /// <summary>Answers for its addresses.</summary>
    /// <param name="app">The service.</param>
    public static void MapOn(WebApplication app)
    {
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
            return next(context);
        });
        app.UseAntiforgery();
        ConsoleAssets.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
