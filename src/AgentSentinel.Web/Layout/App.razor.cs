using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;

namespace AgentSentinel.Web.Layout;

/// <summary>The document around every page.</summary>
public sealed partial class App : ComponentBase
{
    /// <summary>Cookie in which a browser's choice of dark or light is kept.</summary>
    public const string ThemeCookie = "sentinel-theme";

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    private string Theme => Context.Request.Cookies[ThemeCookie] switch { "dark" => "dark", "light" => "light", _ => "auto" };

    private string DarkMedia => Theme switch { "dark" => "all", "light" => "not all", _ => "(prefers-color-scheme: dark)" };

    private string LightMedia => Theme switch { "light" => "all", "dark" => "not all", _ => "not all and (prefers-color-scheme: dark)" };

    // The page where one signs in answers to a form and needs no circuit.
    private IComponentRenderMode? Mode => Context.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;
}
