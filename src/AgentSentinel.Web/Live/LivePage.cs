using AgentSentinel.Service.History;
using AgentSentinel.Web.Actions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Web.Live;

/// <summary>A page that reads again when the journal has gone on, and tells when there is nothing to read.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    // Words such as "3 min ago" grow old also when nothing happens.
    private static readonly TimeSpan WordsLast = TimeSpan.FromSeconds(10);

    private long _position;
    private DateTimeOffset _renderedAt;

    /// <summary>The state of the moment.</summary>
    protected LiveSnapshot Snapshot { get; private set; } = null!;

    /// <summary>Why the page has nothing to show, or null.</summary>
    protected string? Trouble { get; private set; }

    /// <summary>The present moment, as the page shows it.</summary>
    protected DateTimeOffset Now => Snapshot.At;

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    protected Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private ConsoleFeed Feed { get; set; } = null!;

    [Inject]
    private ActionDialogs Dialogs { get; set; } = null!;

    /// <summary>Reads what the page shows. May be called at any time, on the component's own thread.</summary>
    protected abstract void Read();

    /// <summary>Whether the page shows numbers that change without the journal.</summary>
    protected virtual bool ShowsNumbers => false;

    /// <summary>Asks a person about an action and carries it out; then the page is read again.</summary>
    private protected async Task AskAsync(ActionCase action)
    {
        if (await Dialogs.AskAsync(action))
        {
            ReadAgain();
        }
    }

    /// <summary>Reads again at once, for another choice of what to show.</summary>
    protected void ReadAgain()
    {
        try
        {
            Read();
            Trouble = null;
        }
        catch (Exception error) when (error is HistoryUnavailableException or SqliteException)
        {
            Trouble = "History cannot be read: nothing has been written yet, or it is switched off.";
        }
    }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Snapshot = Feed.Current;
        _position = Snapshot.Overview.JournalPosition;
        if (RendererInfo.IsInteractive)
        {
            Feed.Changed += OnChanged;
        }
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => ReadAgain();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender) => _renderedAt = Snapshot.At;

    /// <inheritdoc />
    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        GC.SuppressFinalize(this);
    }

    private void OnChanged() => _ = InvokeAsync(() =>
    {
        var snapshot = Feed.Current;
        var hasMoved = snapshot.Overview.JournalPosition != _position || snapshot.Trouble != Snapshot.Trouble || !ReferenceEquals(snapshot.Open, Snapshot.Open);
        var hasNumbers = !ReferenceEquals(snapshot.Lines, Snapshot.Lines) || snapshot.Automation != Snapshot.Automation;
        Snapshot = snapshot;
        if (hasMoved)
        {
            _position = snapshot.Overview.JournalPosition;
            ReadAgain();
        }

        if (hasMoved || (ShowsNumbers && hasNumbers) || snapshot.At - _renderedAt >= WordsLast)
        {
            StateHasChanged();
        }
    });
}
