using AgentSentinel.Service.Api;
using AgentSentinel.Web.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace AgentSentinel.Web.Pages;

/// <summary>Where a token is exchanged for a cookie.</summary>
public sealed partial class SignInPage : ComponentBase
{
    private bool _isRefused;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromForm]
    private string? Token { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [Inject]
    private ApiOptions Api { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        // Where everybody on this machine is known there is nothing to sign in to.
        if (!Api.HasAuthentication)
        {
            Navigation.NavigateTo("/");
        }
    }

    private async Task SignInAsync()
    {
        _isRefused = !await Session.SignInAsync(Context, Token?.Trim() ?? "");
        if (!_isRefused)
        {
            Navigation.NavigateTo(IsLocal(From) ? From! : "/");
        }
    }

    // Only to a page of ours: an address of somebody else's could stand in the link that led here.
    private static bool IsLocal(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.AsSpan().ContainsAny("\t\r\n\\");
}
