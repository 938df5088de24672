using System.Security.Claims;
using AgentSentinel.Web.Access;
using AgentSentinel.Web.Layout;
using AgentSentinel.Web.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>A console that is open on the page of the moment, as the server sees it: its components are rendered and compared at every change; what would go over the wire is counted and dropped.</summary>
internal sealed class WatchingRenderer : Renderer, IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;

    private WatchingRenderer(AsyncServiceScope scope)
        : base(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>()) => _scope = scope;

    public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

    /// <summary>Changes that were sent, so to speak.</summary>
    public long Edits { get; private set; }

    protected override RendererInfo RendererInfo { get; } = new("Server", isInteractive: true);

    public static async Task<WatchingRenderer> OpenAsync(IServiceProvider services, ClaimsPrincipal user)
    {
        var scope = services.CreateAsyncScope();
        var state = Task.FromResult(new AuthenticationState(user));
        scope.ServiceProvider.GetRequiredService<SessionState>().SetAuthenticationState(state);
        var renderer = new WatchingRenderer(scope);
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var id = renderer.AssignRootComponentId(renderer.InstantiateComponent(typeof(CascadingAuthenticationState)));
            await renderer.RenderRootComponentAsync(id, ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(CascadingAuthenticationState.ChildContent)] = (RenderFragment)(builder =>
                {
                    builder.OpenComponent<LayoutView>(0);
                    builder.AddComponentParameter(1, nameof(LayoutView.Layout), typeof(MainLayout));
                    builder.AddComponentParameter(2, nameof(LayoutView.ChildContent), (RenderFragment)(page =>
                    {
                        page.OpenComponent<NowPage>(0);
                        page.CloseComponent();
                    }));
                    builder.CloseComponent();
                }),
            }));
        });
        return renderer;
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _scope.DisposeAsync();
    }

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch)
    {
        Edits += renderBatch.UpdatedComponents.Count;
        return Task.CompletedTask;
    }

    protected override void HandleException(Exception exception) => throw new InvalidOperationException("A component failed.", exception);

    /// <summary>Where a console is that has no browser.</summary>
    internal sealed class Place : NavigationManager
    {
        public Place() => Initialize("http://127.0.0.1/", "http://127.0.0.1/");

        protected override void NavigateToCore(string uri, NavigationOptions options) => throw new NotSupportedException();
    }
}
