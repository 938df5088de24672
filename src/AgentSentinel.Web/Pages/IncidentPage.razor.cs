using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Taxonomy;
using AgentSentinel.Web.Actions;
using AgentSentinel.Web.Charts;
using AgentSentinel.Web.Live;
using AgentSentinel.Web.Text;
using Microsoft.AspNetCore.Components;

namespace AgentSentinel.Web.Pages;

/// <summary>One incident: what happened, why we think so, what was done, and what a person can do now.</summary>
public sealed partial class IncidentPage : LivePage
{
    private const int MostAnomalies = 200;
    private const int MostNames = 12;
    private const int MostSteps = 200;
    private const int MostDeliveries = 40;

    private static readonly TimeSpan After = TimeSpan.FromMinutes(30);

    // In force, or on the way there.
    private static readonly string[] Liftable = ["proposed", "ordered", "delivered", "confirmed", "undeliverable", "contradicted"];

    private IncidentRow? _incident;
    private IReadOnlyList<Evidence> _evidence = [];
    private IReadOnlyList<CausalLink> _chain = [];
    private IReadOnlyList<ThreatTag> _tags = [];
    private IReadOnlyList<AnomalyRow> _anomalies = [];
    private IReadOnlyList<SuspensionRow> _suspensions = [];
    private IReadOnlyList<DeliveryReport> _deliveries = [];
    private IReadOnlyList<IncidentStep> _steps = [];
    private IReadOnlyList<SeriesName> _names = [];
    private ChartData? _chart;
    private Measure _measure = Measure.All[0];
    private SeriesName? _name;
    private TimeSpan _before = TimeSpan.FromHours(3);
    private bool _hasMore;
    private string? _shown;
    private string _role = "";
    private System.Security.Claims.ClaimsPrincipal _user = new();

    /// <summary>The incident.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private IncidentQueries Incidents { get; set; } = null!;

    [Inject]
    private AlertQueries Alerts { get; set; } = null!;

    [Inject]
    private AuditQueries Audit { get; set; } = null!;

    [Inject]
    private SuspensionQueries Suspensions { get; set; } = null!;

    [Inject]
    private SeriesQueries Series { get; set; } = null!;

    [Inject]
    private AgentQueries Agents { get; set; } = null!;

    [Inject]
    private CurrentRegistry Current { get; set; } = null!;

    [Inject]
    private ActionCases Cases { get; set; } = null!;

    private RegisteredAgent? Declared => Current.Registry.Find(_incident!.AgentId);

    private string SelectedName => _name is null ? "" : Enumerable.Range(0, _names.Count).FirstOrDefault(i => _names[i] == _name).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _role = CommandDesk.RoleOf(_user);
    }

    /// <inheritdoc />
    protected override void Read()
    {
        _incident = Incidents.Find(Id);
        if (_incident is null)
        {
            return;
        }

        _evidence = JournalJson.ReadEvidence(_incident.EvidenceJson);
        _chain = _evidence.FirstOrDefault(e => e.CausalChain is { Count: > 0 })?.CausalChain ?? [];
        _tags = ThreatTags.Of(_evidence);
        var page = Incidents.Anomalies(Id, new PageRequest(MostAnomalies));
        (_anomalies, _hasMore) = (page.Items, page.Next is not null);
        _suspensions = [.. Suspensions.List(new SuspensionFilter { AgentId = _incident.AgentId }, true, new PageRequest()).Items.Where(s => s.IncidentId == Id || s.EndedAt is null)];
        var entries = Audit.List(new AuditFilter { IncidentId = Id, Kinds = ["command", "delivery"] }, true, new PageRequest(MostSteps)).Items;
        _deliveries = [.. entries.Where(e => e.Kind == "delivery").Take(MostDeliveries).Select(e => Audit.FindJson(e.Id)).OfType<string>().Select(Report).OfType<DeliveryReport>()];
        _steps = Steps(entries);
        if (_shown != Id)
        {
            // Another incident begins with what its own strongest evidence is about.
            (_shown, _name, _measure) = (Id, null, _evidence.Count > 0 ? Measure.OfFeature(_evidence[0].Feature) : Measure.All[0]);
            _names = [.. Series.Names(_incident.AgentId, _incident.FirstEventTime - TimeSpan.FromHours(2), _incident.LastEventTime + After).Where(n => n.Dimension != WindowDimension.Agent && !n.IsRest).Take(MostNames)];
        }

        ReadChart();
    }

    private void ReadChart()
    {
        var newest = Agents.Find(_incident!.AgentId)?.LastSeen ?? _incident.LastEventTime;
        _chart = ChartData.Read(Series, _incident.AgentId, _name, _measure, _anomalies, (_incident.FirstEventTime - _before, _incident.LastEventTime + After), newest);
    }

    private void Draw(Action choice)
    {
        choice();
        ReadChart();
    }

    private void Choose(string? index) => _name = int.TryParse(index, CultureInfo.InvariantCulture, out var i) && i < _names.Count ? _names[i] : null;

    private static string NameOf(SeriesName name) => $"{(name.Dimension == WindowDimension.Tool ? "tool" : "dataset")} {IncidentText.Cut(PlainText.Of(name.Name), 40)}";

    private static DeliveryReport? Report(string json) =>
        JournalJson.TryRead(System.Text.Encoding.UTF8.GetBytes(json), out var entry, out _) ? entry as DeliveryReport : null;

    private IReadOnlyList<IncidentStep> Steps(IReadOnlyList<AuditRow> entries)
    {
        var alerts = Alerts.List(new AlertFilter { IncidentId = Id }, AlertOrder.Time, true, new PageRequest(MostSteps)).Items
            .Select(a => new IncidentStep(a.Time, IncidentText.Of(a.Kind), a.Summary, Words.Css(a.Severity)));
        var told = entries.Select(e => e.Kind == "command"
            ? new IncidentStep(e.RecordedAt, $"Command by {PlainText.Of(e.Actor ?? "")}", e.Summary, "person")
            : new IncidentStep(e.RecordedAt, "Delivery", e.Summary, ""));
        return [.. alerts.Concat(told).OrderByDescending(s => s.Time)];
    }

    /// <summary>What this person can do about this incident now.</summary>
    private IEnumerable<(OperatorCommandKind Kind, string Key, string Tone, Func<ActionCase> Ask)> Actions()
    {
        var proposed = _suspensions.FirstOrDefault(s => s.State == "proposed");
        var lifted = _suspensions.FirstOrDefault(s => Liftable.Contains(s.State));
        var isStopped = _suspensions.Any(s => s.State is "ordered" or "delivered" or "confirmed");
        if (proposed is not null && CommandDesk.Allows(_user, OperatorCommandKind.Approve))
        {
            yield return (OperatorCommandKind.Approve, "a", "danger", () => Cases.Of(OperatorCommandKind.Approve, proposed));
        }

        if (!isStopped && proposed is null && CommandDesk.Allows(_user, OperatorCommandKind.Suspend))
        {
            yield return (OperatorCommandKind.Suspend, "s", "danger", () => Cases.Suspend(_incident!.AgentId, Parts()));
        }

        if (lifted is not null && CommandDesk.Allows(_user, OperatorCommandKind.Lift))
        {
            yield return (OperatorCommandKind.Lift, "l", "", () => Cases.Of(OperatorCommandKind.Lift, lifted));
        }

        if (_incident!.IsOpen && CommandDesk.Allows(_user, OperatorCommandKind.Dismiss))
        {
            yield return (OperatorCommandKind.Dismiss, "d", "", () => ActionCases.Of(OperatorCommandKind.Dismiss, _incident));
        }

        if (CommandDesk.Allows(_user, OperatorCommandKind.Verdict))
        {
            yield return (OperatorCommandKind.Verdict, "v", "", () => ActionCases.Of(OperatorCommandKind.Verdict, _incident));
        }
    }

    private IReadOnlyList<SuspensionTarget> Parts()
    {
        var credentials = JsonSerializer.Deserialize<string[]>(_incident!.CredentialsJson) ?? [];
        return ActionCases.Parts(_incident.AgentId, [.. _anomalies.Select(a => a.SessionId)], credentials);
    }

    private sealed record IncidentStep(DateTimeOffset Time, string Title, string Text, string Tone);
}
