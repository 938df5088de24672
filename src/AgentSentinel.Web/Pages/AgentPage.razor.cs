using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Web.Actions;
using AgentSentinel.Web.Charts;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Components;

namespace AgentSentinel.Web.Pages;

/// <summary>One agent: who it is, what is normal for it, and how that compares with now.</summary>
public sealed partial class AgentPage : LivePage
{
    private const int MostPeers = 12;
    private const int MostNames = 10;
    private const int MostIncidents = 20;
    private const int VersionsFrom = 40;
    private const int MostAnomalies = 200;

    private AgentRow? _agent;
    private RegisteredAgent? _declared;
    private WeekMeans _week = new();
    private ChartData? _chart;
    private Measure _measure = Measure.All[0];
    private TimeSpan _span = TimeSpan.FromHours(24);
    private int _present;
    private IReadOnlyList<string> _credentials = [];
    private IReadOnlyList<string> _versions = [];
    private IReadOnlyList<IncidentRow> _incidents = [];
    private IReadOnlyList<SuspensionRow> _suspensions = [];
    private SuspensionRow? _stopped;
    private IReadOnlyList<(AgentRow Peer, IReadOnlyList<double> Hours)> _peers = [];
    private IReadOnlyList<NameShare> _tools = [];
    private IReadOnlyList<NameShare> _datasets = [];
    private System.Security.Claims.ClaimsPrincipal _user = new();

    /// <summary>The agent. In the query, since it may hold anything.</summary>
    [SupplyParameterFromQuery]
    public string? Id { get; set; }

    [Inject]
    private AgentQueries Agents { get; set; } = null!;

    [Inject]
    private IncidentQueries Incidents { get; set; } = null!;

    [Inject]
    private SuspensionQueries Suspensions { get; set; } = null!;

    [Inject]
    private AuditQueries Audit { get; set; } = null!;

    [Inject]
    private SeriesQueries Series { get; set; } = null!;

    [Inject]
    private CurrentRegistry Declared { get; set; } = null!;

    [Inject]
    private ActionCases Cases { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync() => _user = (await Authentication).User;

    /// <inheritdoc />
    protected override void Read()
    {
        _agent = Id is { Length: > 0 } id ? Agents.Find(id) : null;
        if (_agent is null)
        {
            return;
        }

        _declared = Declared.Registry.Find(_agent.Id);
        _incidents = Incidents.List(new IncidentFilter { AgentId = _agent.Id }, IncidentOrder.Opened, true, new PageRequest(MostIncidents)).Items;
        _suspensions = Suspensions.List(new SuspensionFilter { AgentId = _agent.Id }, true, new PageRequest(MostIncidents)).Items;
        _stopped = _suspensions.FirstOrDefault(s => s.EndedAt is null && s.State != "lifting");
        _credentials = [.. _incidents.SelectMany(i => JsonSerializer.Deserialize<string[]>(i.CredentialsJson) ?? []).Distinct()];
        _versions = Versions(_agent.Id);
        var newest = _agent.LastSeen;
        _week = WeekMeans.Of(Series.Points(_agent.Id, WindowDimension.Agent, "", false, SeriesResolution.Hour, newest - WeekMeans.Span, newest), newest);
        _present = WeekMeans.HourOf(newest.AddTicks(-1));
        ReadShares(newest);
        ReadPeers(newest);
        ReadChart();
    }

    private void ReadChart()
    {
        var (newest, from) = (_agent!.LastSeen, _agent.LastSeen - _span);
        var anomalies = Incidents.Anomalies(_agent.Id, from, newest.AddMinutes(1), new PageRequest(MostAnomalies)).Items;
        _chart = ChartData.Read(Series, _agent.Id, null, _measure, anomalies, (from, newest), newest);
    }

    private void ReadShares(DateTimeOffset newest)
    {
        // The last day, held against the four weeks before it.
        var day = newest.AddDays(-1);
        var (usual, now) = (Series.Names(_agent!.Id, newest - WeekMeans.Span, day), Series.Names(_agent.Id, day, newest));
        _tools = NameShare.Of(WindowDimension.Tool, usual, now, MostNames);
        _datasets = NameShare.Of(WindowDimension.Dataset, usual, now, MostNames);
    }

    private void ReadPeers(DateTimeOffset newest)
    {
        var names = _declared is { PeerGroup.Length: > 0 } ? Declared.Registry.MembersOf(_declared.PeerGroup).Where(m => m != _agent!.Id).Take(MostPeers).ToList() : [];
        var hours = Series.Hours(names, newest.AddDays(-1), newest);
        _peers = [.. names.Select(Agents.Find).OfType<AgentRow>().Select(p => (p, (IReadOnlyList<double>)[.. hours.GetValueOrDefault(p.Id, []).Select(h => (double)h.Calls)]))];
    }

    private void Draw(Action choice)
    {
        choice();
        ReadChart();
    }

    private List<string> Versions(string agentId)
    {
        var versions = new List<string>();
        foreach (var entry in Audit.List(new AuditFilter { AgentId = agentId, Kinds = ["anomaly"] }, true, new PageRequest(VersionsFrom)).Items)
        {
            if (Audit.FindJson(entry.Id) is { } json
                && JournalJson.TryRead(System.Text.Encoding.UTF8.GetBytes(json), out var read, out _)
                && read is AnomalyFound { Anomaly.AgentVersion: { } version }
                && !versions.Contains(version))
            {
                versions.Add(version);
            }
        }

        return versions;
    }
}
