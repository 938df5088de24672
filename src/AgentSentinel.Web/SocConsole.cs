using AgentSentinel.Service.Api;
using AgentSentinel.Service.Options;
using AgentSentinel.Web.Access;
using AgentSentinel.Web.Actions;
using AgentSentinel.Web.Assets;
using AgentSentinel.Web.Layout;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
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
    /// <param name="options">The service's options; without an address of the API there is no console either.</param>
    public static void AddTo(WebApplicationBuilder builder, SentinelOptions options)
    {
        if (!options.Api.IsOn)
        {
            return;
        }

        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true);
        Session.AddTo(services, options.Api, options.Checkpoints.Folder);
        services.AddSingleton(options.Api);
        services.AddScoped<SessionState>();
        services.AddScoped<AuthenticationStateProvider>(p => p.GetRequiredService<SessionState>());
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        services.AddSingleton<ConsoleFeed>();
        services.AddHostedService(p => p.GetRequiredService<ConsoleFeed>());
        services.AddSingleton<ActionCases>();
        services.AddScoped<CommandDesk>();
        services.AddScoped<ActionDialogs>();
    }

    /// <summary>Answers for its addresses, which are those of the API. After the service was built.</summary>
    /// <param name="app">The service.</param>
    public static void MapOn(WebApplication app)
    {
        if (!app.Services.GetRequiredService<SentinelOptions>().Api.IsOn)
        {
            return;
        }

        var policy = new PagePolicy(ContentSecurityPolicy);
        app.UseAntiforgery();
        ConsoleAssets.Map(app);
        Session.Map(app, policy);
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
            .WithMetadata(policy);
    }
}
