using AgentSentinel.Service.Api;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace AgentSentinel.Web.Layout;

/// <summary>What is around every page: where one can go, how far the automation may go, and what waits for a person.</summary>
public sealed partial class MainLayout : LayoutComponentBase, IDisposable
{
    // Icons are drawn, not loaded: paths of 24 by 24.
    private static readonly (string Href, string Text, string Key, string Icon)[] Places =
    [
        ("", "Now", "n", "M3 12h4l3-8 4 16 3-8h4"),
        ("incidents", "Incidents", "i", "M12 4 21 20H3zM12 10v4M12 17v.01"),
        ("fleet", "Fleet", "f", "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"),
        ("suspensions", "Suspensions", "u", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.600 5.600l12.800 12.800"),
        ("audit", "Audit", "a", "M6 3h9l4 4v14H6zM9 12l2 2 4-4M9 18h6"),
        ("settings", "Settings", "s", "M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M6 14v6"),
    ];

    private ErrorBoundary? _boundary;
    private LiveSnapshot _snapshot = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ApiOptions Api { get; set; } = null!;

    [Inject]
    private AccessLog Log { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private ConsoleFeed Feed { get; set; } = null!;

    private long Waiting => _snapshot.Overview.Suspensions.GetValueOrDefault("proposed");

    // A fragment alone would be taken relative to the base address.
    private string Location => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    /// <inheritdoc />
    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        Navigation.LocationChanged -= OnMoved;
    }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _snapshot = Feed.Current;
        Navigation.LocationChanged += OnMoved;
        if (RendererInfo.IsInteractive)
        {
            Feed.Changed += OnChanged;
        }
    }

    private void OnMoved(object? sender, LocationChangedEventArgs e)
    {
        _boundary?.Recover();
        _ = NoteAsync(e.Location);
    }

    // Within a connection a page is opened without a request: who looked at what is noted all the same.
    private async Task NoteAsync(string location)
    {
        if (Caller.Of((await Authentication).User) is { } caller)
        {
            await Log.NotePageAsync(caller, "/" + Navigation.ToBaseRelativePath(location), CancellationToken.None);
        }
    }

    private void OnChanged()
    {
        var snapshot = Feed.Current;
        if (snapshot.Automation != _snapshot.Automation || snapshot.Overview != _snapshot.Overview)
        {
            _snapshot = snapshot;
            _ = InvokeAsync(StateHasChanged);
        }
    }
}
