using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.History;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace AgentSentinel.Web.Pages;

/// <summary>All agents, of which only those in sight are read.</summary>
public sealed partial class FleetPage : LivePage
{
    private const int SparkHours = 24;

    private static readonly (AgentOrder? Order, string Text, string Css)[] Columns =
    [
        (AgentOrder.Id, "Agent", ""), (AgentOrder.Severity, "Incident", ""), (AgentOrder.Risk, "Risk", "num"), (AgentOrder.LastHourCalls, "Calls, last hour", "num"),
        (null, "24 hours", ""), (AgentOrder.Anomalies, "Anomalies", "num"), (null, "Suspension", ""), (AgentOrder.LastSeen, "Last seen", ""),
    ];

    private Virtualize<FleetRow>? _rows;
    private AgentOrder _order = AgentOrder.Severity;
    private bool _isDescending = true;
    private string _contains = "";
    private string? _least = "";
    private string? _suspension = "";
    private int _count;

    [Inject]
    private AgentQueries Agents { get; set; } = null!;

    [Inject]
    private SeriesQueries Series { get; set; } = null!;

    private bool IsFiltered => Filter != new AgentFilter();

    private AgentFilter Filter => new()
    {
        Contains = _contains.Length > 0 ? _contains : null,
        AtLeast = Enum.TryParse<Severity>(_least, out var least) ? least : null,
        HasSuspension = _suspension switch { "yes" => true, "no" => false, _ => null },
    };

    /// <inheritdoc />
    protected override void Read()
    {
        _count = Agents.Count(Filter);

        // The rows in sight are read again as well: what they show may have changed.
        _ = _rows?.RefreshDataAsync();
    }

    private ValueTask<ItemsProviderResult<FleetRow>> ProvideAsync(ItemsProviderRequest request)
    {
        if (request.CancellationToken.IsCancellationRequested || request.Count == 0)
        {
            return ValueTask.FromResult(new ItemsProviderResult<FleetRow>([], _count));
        }

        var agents = Agents.Slice(Filter, _order, _isDescending, request.StartIndex, request.Count);
        if (agents.Count == 0)
        {
            return ValueTask.FromResult(new ItemsProviderResult<FleetRow>([], _count));
        }

        var newest = agents.Max(a => a.LastSeen);
        var hours = Series.Hours([.. agents.Select(a => a.Id)], newest.AddHours(-SparkHours), newest);
        return ValueTask.FromResult(new ItemsProviderResult<FleetRow>(
            agents.Select((a, i) => new FleetRow(request.StartIndex + i, a, HoursOf(hours.GetValueOrDefault(a.Id), newest))), _count));
    }

    private static double[] HoursOf(IReadOnlyList<SeriesPoint>? points, DateTimeOffset newest)
    {
        var values = new double[SparkHours];
        foreach (var point in points ?? [])
        {
            var ago = (int)((newest - point.Start) / TimeSpan.FromHours(1));
            values[Math.Clamp(SparkHours - 1 - ago, 0, SparkHours - 1)] += point.Calls;
        }

        return values;
    }

    private Task FilterAsync(ChangeEventArgs change) => ChooseAsync(() => _contains = (change.Value as string ?? "").Trim());

    private async Task ChooseAsync(Action choice)
    {
        choice();
        _count = Agents.Count(Filter);
        if (_rows is not null)
        {
            await _rows.RefreshDataAsync();
        }
    }

    private Task SortAsync(AgentOrder order) => ChooseAsync(() =>
    {
        // Names begin with A, numbers with the largest.
        _isDescending = order == _order ? !_isDescending : order != AgentOrder.Id;
        _order = order;
    });

    private sealed record FleetRow(int Index, AgentRow Agent, IReadOnlyList<double> Hours);
}
