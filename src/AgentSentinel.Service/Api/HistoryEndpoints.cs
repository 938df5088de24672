using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace AgentSentinel.Service.Api;

/// <summary>What people look at: lists by pages, and single things. All of it out of history.</summary>
internal static class HistoryEndpoints
{
    private const int DrawnPoints = 2_000;

    private static readonly TimeSpan UsualSpan = TimeSpan.FromDays(1);

    public static void Map(RouteGroupBuilder api)
    {
        MapAgents(api);
        MapIncidents(api);
        MapAlerts(api);
        MapSuspensions(api);
        MapAudit(api);
        api.MapGet("/overview", (OverviewQueries overview) => TaggedJson.Of(overview.Read())).WithTags("Overview").WithSummary("Counts.").Produces<HistoryOverview>();
    }

    private static void MapAgents(RouteGroupBuilder api)
    {
        api.MapGet("/agents", (
                AgentQueries agents, CurrentRegistry registry, JournalFold fold, string? id, string? contains, [FromQuery(Name = "at_least")] Word<Severity>? atLeast, [FromQuery(Name = "has_suspension")] bool? hasSuspension,
                [FromQuery] Word<AgentOrder>? order, bool? descending, int? limit, string? after) =>
            {
                var page = id is not null
                    ? new Page<AgentRow>(agents.Find(id) is { } one ? [one] : [], null)
                    : agents.List(
                        new AgentFilter { Contains = contains, AtLeast = atLeast?.Value, HasSuspension = hasSuspension },
                        order?.Value ?? AgentOrder.Id,
                        descending == true,
                        ApiPage.Of(limit, after));
                return TaggedJson.Of(new Page<AgentView>([.. page.Items.Select(row => AgentView.Of(row, registry.Registry, fold))], page.Next));
            })
            .WithTags("Agents")
            .WithSummary("Agents. id finds the one of exactly that id, also where no path can carry it.")
            .Produces<Page<AgentView>>();
        api.MapGet("/agents/{id}", (PathId named, AgentQueries agents, CurrentRegistry registry, JournalFold fold) =>
                Found(agents.Find(named.Value) is { } row ? AgentView.Of(row, registry.Registry, fold) : null, "agent"))
            .WithTags("Agents").WithSummary("One agent.").Produces<AgentView>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/agents/{id}/risk", (PathId named, JournalFold fold) => TaggedJson.Of(fold.RiskOf(named.Value)))
            .WithTags("Agents").WithSummary("The risk of an agent and of its latest sessions at this moment; 0 for one of whom nothing was found of late.").Produces<RiskNow>();
        api.MapGet("/agents/{id}/anomalies", (PathId named, IncidentQueries incidents, TimeProvider time, DateTimeOffset? from, DateTimeOffset? before, int? limit, string? after) =>
                TaggedJson.Of(incidents.Anomalies(named.Value, from ?? (before ?? time.GetUtcNow()) - UsualSpan, before ?? time.GetUtcNow(), ApiPage.Of(limit, after))))
            .WithTags("Agents").WithSummary("An agent's anomalies within a span of event time; the latest day unless said otherwise.").Produces<Page<AnomalyRow>>();
        api.MapGet("/agents/{id}/series", (PathId named, SeriesQueries series, TimeProvider time, DateTimeOffset? from, DateTimeOffset? before) =>
                TaggedJson.Of(series.Names(named.Value, from ?? (before ?? time.GetUtcNow()) - UsualSpan, before ?? time.GetUtcNow())))
            .WithTags("Series").WithSummary("Which time series an agent has within a span, the busiest first.").Produces<IReadOnlyList<SeriesName>>();
        api.MapGet("/series", Points)
            .WithTags("Series").WithSummary("Points of one time series: of an agent, or of one of its tools or datasets.").Produces<SeriesView>();
    }

    private static void MapIncidents(RouteGroupBuilder api)
    {
        api.MapGet("/incidents", (
                IncidentQueries incidents, string? agent, bool? open, [FromQuery(Name = "at_least")] Word<Severity>? atLeast, DateTimeOffset? from, DateTimeOffset? before,
                [FromQuery] Word<IncidentOrder>? order, bool? ascending, int? limit, string? after) =>
            {
                var page = incidents.List(
                    new IncidentFilter { AgentId = agent, IsOpen = open, AtLeast = atLeast?.Value, From = from, Before = before },
                    order?.Value ?? IncidentOrder.Opened,
                    ascending != true,
                    ApiPage.Of(limit, after));
                return TaggedJson.Of(new Page<IncidentView>([.. page.Items.Select(IncidentView.Of)], page.Next));
            })
            .WithTags("Incidents").WithSummary("Incidents.").Produces<Page<IncidentView>>();
        api.MapGet("/incidents/{id}", (PathId named, IncidentQueries incidents) =>
                Found(incidents.Find(named.Value) is { } row ? IncidentView.Of(row) : null, "incident"))
            .WithTags("Incidents").WithSummary("One incident with its evidence.").Produces<IncidentView>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/incidents/{id}/anomalies", (PathId named, IncidentQueries incidents, int? limit, string? after) =>
                TaggedJson.Of(incidents.Anomalies(named.Value, ApiPage.Of(limit, after))))
            .WithTags("Incidents").WithSummary("The anomalies that an incident gathers.").Produces<Page<AnomalyRow>>();
    }

    private static void MapAlerts(RouteGroupBuilder api)
    {
        api.MapGet("/alerts", (
                AlertQueries alerts, string? agent, string? incident, [FromQuery(Name = "at_least")] Word<Severity>? atLeast, [FromQuery] Word<AlertKind>? kind, DateTimeOffset? from, DateTimeOffset? before,
                [FromQuery] Word<AlertOrder>? order, bool? ascending, int? limit, string? after) =>
                TaggedJson.Of(alerts.List(
                    new AlertFilter
                    {
                        AgentId = agent,
                        IncidentId = incident,
                        AtLeast = atLeast?.Value,
                        Kinds = kind is { } one ? [one.Value] : null,
                        From = from,
                        Before = before,
                    },
                    order?.Value ?? AlertOrder.Time,
                    ascending != true,
                    ApiPage.Of(limit, after))))
            .WithTags("Alerts").WithSummary("Alerts.").Produces<Page<AlertRow>>();
        api.MapGet("/alerts/{id}", (PathId named, AlertQueries alerts) => FoundJson(alerts.FindJson(named.Value), "alert"))
            .WithTags("Alerts").WithSummary("One alert in full.").Produces<Alert>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void MapSuspensions(RouteGroupBuilder api)
    {
        api.MapGet("/suspensions", (SuspensionQueries suspensions, string? agent, string[]? state, bool? ended, bool? ascending, int? limit, string? after) =>
            {
                var page = suspensions.List(new SuspensionFilter { AgentId = agent, States = state, HasEnded = ended }, ascending != true, ApiPage.Of(limit, after));
                return TaggedJson.Of(new Page<SuspensionView>([.. page.Items.Select(SuspensionView.Of)], page.Next));
            })
            .WithTags("Suspensions").WithSummary("Suspensions, proposed ones among them.").Produces<Page<SuspensionView>>();
        api.MapGet("/suspensions/{id}", (PathId named, SuspensionQueries suspensions) =>
                Found(suspensions.Find(named.Value) is { } row ? SuspensionView.Of(row) : null, "suspension"))
            .WithTags("Suspensions").WithSummary("One suspension.").Produces<SuspensionView>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void MapAudit(RouteGroupBuilder api)
    {
        api.MapGet("/audit", (
                AuditQueries audit, string? agent, string? incident, string[]? kind, string? actor, DateTimeOffset? from, DateTimeOffset? before,
                bool? ascending, int? limit, string? after) =>
                TaggedJson.Of(audit.List(
                    new AuditFilter { AgentId = agent, IncidentId = incident, Kinds = kind, Actor = actor, From = from, Before = before }, ascending != true, ApiPage.Of(limit, after))))
            .WithTags("Audit").WithSummary("The journal's entries, the newest first.").Produces<Page<AuditRow>>();
        api.MapGet("/audit/{id}", (PathId named, AuditQueries audit) => FoundJson(audit.FindJson(named.Value), "entry"))
            .WithTags("Audit").WithSummary("One journal entry in full.").Produces<Core.Response.JournalEntry>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/verdicts", (AuditQueries audit, string? actor, DateTimeOffset? from, DateTimeOffset? before, bool? ascending, int? limit, string? after) =>
                TaggedJson.Of(audit.List(
                    new AuditFilter { Kinds = ["command"], IsVerdict = true, Actor = actor, From = from, Before = before }, ascending != true, ApiPage.Of(limit, after))))
            .WithTags("Audit").WithSummary("Verdicts of people, the newest first.").Produces<Page<AuditRow>>();
    }

    private static TaggedJson Points(
        SeriesQueries series, TimeProvider time, string agent, [FromQuery] Word<WindowDimension>? dimension, string? name, bool? rest,
        DateTimeOffset? from, DateTimeOffset? before, [FromQuery] Word<SeriesResolution>? resolution)
    {
        var end = before ?? time.GetUtcNow();
        var begin = from ?? end - UsualSpan;
        var chosen = resolution?.Value ?? series.Fitting(begin, end, time.GetUtcNow(), DrawnPoints);
        return TaggedJson.Of(new SeriesView(chosen, series.Points(agent, dimension?.Value ?? WindowDimension.Agent, name ?? "", rest == true, chosen, begin, end)));
    }

    private static IResult Found<T>(T? value, string what)
        where T : class => value is null ? ApiProblem.Of(StatusCodes.Status404NotFound, $"There is no such {what}.") : TaggedJson.Of(value);

    private static IResult FoundJson(string? json, string what) =>
        json is null ? ApiProblem.Of(StatusCodes.Status404NotFound, $"There is no such {what}.") : new TaggedJson(System.Text.Encoding.UTF8.GetBytes(json));
}
