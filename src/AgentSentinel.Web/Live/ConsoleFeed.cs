using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace AgentSentinel.Web.Live;

/// <summary>
/// The state of the moment, asked from history once a second however many look at it, and told to all of them. While nobody looks, nothing is asked.
/// </summary>
internal sealed class ConsoleFeed(
    OverviewQueries overview,
    IncidentQueries incidents,
    SuspensionQueries suspensions,
    AlertQueries alerts,
    SentinelOptions options,
    DeclarationSet declared,
    JournalFold journal,
    IEnumerable<PipelineHost> hosts,
    TimeProvider time) : BackgroundService
{
    private const int LatestAlerts = 30;
    private const int MostWaiting = 50;
    private const int MostOrders = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly HistoryOverview Nothing = new(0, new Dictionary<Severity, long>(), new Dictionary<string, long>(), 0);

    private static readonly string[] Nobody = [];

    private readonly LineGauge _gauge = new(hosts, time);
    private readonly Lock _gate = new();
    private IReadOnlyList<DateTimeOffset> _automatic = [];
    private LiveSnapshot? _current;

    /// <summary>Raised when there is another snapshot, on no particular thread.</summary>
    public event Action? Changed;

    /// <summary>The state of the moment, at most a second old.</summary>
    public LiveSnapshot Current
    {
        get
        {
            lock (_gate)
            {
                return _current is { } known && time.GetUtcNow() - known.At < Interval ? known : _current = Read(_current);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Changed is { } changed)
            {
                _ = Current;
                changed();
            }
        }
    }

    private LiveSnapshot Read(LiveSnapshot? before)
    {
        var now = time.GetUtcNow();
        try
        {
            var counts = overview.Read();
            var isSame = before is { Trouble: null } && before.Overview.JournalPosition == counts.JournalPosition && SameCounts(before.Overview, counts);

            // The same lists again where nothing has happened: whoever shows them sees at once that there is nothing to do.
            return new LiveSnapshot(
                now,
                isSame ? before!.Overview : counts,
                isSame ? before!.Open : Open(),
                isSame ? before!.Waiting : suspensions.List(new SuspensionFilter { States = ["proposed"] }, false, new PageRequest(MostWaiting)).Items,
                isSame ? before!.Latest : alerts.List(new AlertFilter(), AlertOrder.Time, true, new PageRequest(LatestAlerts)).Items,
                _gauge.Read(),
                Automation(now, before, isSame),
                null);
        }
        catch (Exception error) when (error is HistoryUnavailableException or SqliteException)
        {
            return new LiveSnapshot(now, Nothing, [], [], [], _gauge.Read(), new AutomationState(Mode, Nobody, MostPerHour, 0, PolicyVersion), "History cannot be read: nothing has been written yet, or it is switched off.");
        }
    }

    private SuspensionMode Mode => declared.Policy?.Mode ?? options.Response.Suspension.Mode;

    private int MostPerHour => options.Response.Suspension.MaxPerHour;

    private string PolicyVersion => declared.Policy?.Version ?? $"built-in: {options.Response.Suspension.SuspendAt}";

    private IReadOnlyList<IncidentRow> Open() =>
        [.. incidents.List(new IncidentFilter { IsOpen = true }, IncidentOrder.Risk, true, new PageRequest(LiveSnapshot.MostIncidents)).Items
            .OrderByDescending(i => i.Severity).ThenByDescending(i => i.LastAt)];

    private AutomationState Automation(DateTimeOffset now, LiveSnapshot? before, bool isSame)
    {
        if (!isSame)
        {
            _automatic = [.. suspensions.List(new SuspensionFilter(), true, new PageRequest(MostOrders)).Items.Where(s => s.IsAutomatic).Select(s => s.OrderedAt).OfType<DateTimeOffset>()];
        }

        var state = new AutomationState(
            Mode,
            journal.Status?.DisarmedOwners ?? Nobody,
            MostPerHour,
            _automatic.Count(at => at > now - TimeSpan.FromHours(1)),
            PolicyVersion);
        return before?.Automation is { } known && known with { DisarmedFor = state.DisarmedFor } == state && known.DisarmedFor.SequenceEqual(state.DisarmedFor) ? known : state;
    }

    private static bool SameCounts(HistoryOverview a, HistoryOverview b) =>
        a.Agents == b.Agents && Same(a.OpenIncidents, b.OpenIncidents) && Same(a.Suspensions, b.Suspensions);

    private static bool Same<TKey>(IReadOnlyDictionary<TKey, long> a, IReadOnlyDictionary<TKey, long> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var count) && count == pair.Value);
}
