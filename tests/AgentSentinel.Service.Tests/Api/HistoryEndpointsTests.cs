using System.Net;
using System.Text.Json;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Tests.History;
using AgentSentinel.Service.Tests.Pipelines;

namespace AgentSentinel.Service.Tests.Api;

public sealed class HistoryEndpointsTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const string Hostile = "agents/of <b>many</b>?names#1";

    [Fact]
    public async Task What_was_found_can_be_read_page_by_page_and_one_by_one()
    {
        var now = TimeProvider.System.GetUtcNow();
        string[] agents = ["paged-1", "paged-2", Hostile];
        foreach (var agent in agents)
        {
            await api.FindAnomalyAsync(SomeJournal.Anomaly(now, agent, score: 9).Anomaly);
        }

        await RunningLine.WaitAsync(async () => (await JsonOf("/v1/incidents?limit=500")).GetProperty("items").GetArrayLength() >= agents.Length);
        var (met, next) = (new List<string>(), "");
        while (next is not null)
        {
            var page = await JsonOf("/v1/incidents?limit=1&order=opened" + (next.Length > 0 ? "&after=" + next : ""));
            met.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("agent_id").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(agents.Order(), met.Order());
        var incident = (await JsonOf("/v1/incidents?agent=" + Uri.EscapeDataString(Hostile))).GetProperty("items")[0];
        var id = incident.GetProperty("id").GetString();
        Assert.Equal("volume", (await JsonOf($"/v1/incidents/{id}")).GetProperty("evidence")[0].GetProperty("detector").GetString());
        Assert.Equal(1, (await JsonOf($"/v1/incidents/{id}/anomalies")).GetProperty("items").GetArrayLength());

        Assert.Equal(Hostile, (await JsonOf("/v1/agents/" + Uri.EscapeDataString(Hostile))).GetProperty("id").GetString());
        var risk = default(JsonElement);

        // It is told from memory, which follows the journal on its own.
        await RunningLine.WaitAsync(async () => (risk = await JsonOf($"/v1/agents/{Uri.EscapeDataString(Hostile)}/risk")).GetProperty("risk").GetDouble() > 0);
        Assert.InRange(risk.GetProperty("risk").GetDouble(), 8, 10);
        Assert.InRange(risk.GetProperty("sessions")[0].GetProperty("risk").GetDouble(), 8, 10);
        Assert.Equal(0, (await JsonOf("/v1/agents/nobody/risk")).GetProperty("risk").GetDouble());
        Assert.Equal(Hostile, (await JsonOf("/v1/agents?id=" + Uri.EscapeDataString(Hostile))).GetProperty("items")[0].GetProperty("id").GetString());
        var alert = (await JsonOf($"/v1/alerts?incident={id}&ascending=true&kind=opened")).GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal(id, (await JsonOf($"/v1/alerts/{alert}")).GetProperty("incident_id").GetString());
        Assert.Equal(3, (await JsonOf("/v1/overview")).GetProperty("open_incidents").EnumerateObject().Sum(s => s.Value.GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Role.Viewer, "/v1/incidents/inc_none")).StatusCode);
    }

    [Fact]
    public async Task A_suspension_shows_its_target_and_a_verdict_who_gave_it()
    {
        var outcome = await api.CommandAsync(Role.Responder, new { command = "suspend", target = "shown", session = "s/1", reason = "to be shown" });
        var id = outcome.GetProperty("suspension_ids")[0].GetString();
        await RunningLine.WaitAsync(async () => (await api.GetAsync(Role.Viewer, $"/v1/suspensions/{id}")).IsSuccessStatusCode);
        var suspension = await JsonOf($"/v1/suspensions/{id}");
        Assert.Equal(("session", "s/1", "responder"), (Text("target"), Text("target_id"), Text("decided_by")));

        await api.CommandAsync(Role.Analyst, new { command = "verdict", target = id, verdict = "false", reason = "it was asked to" });
        await RunningLine.WaitAsync(async () => (await JsonOf("/v1/verdicts")).GetProperty("items").GetArrayLength() == 1);
        var verdict = (await JsonOf("/v1/verdicts")).GetProperty("items")[0];
        Assert.Equal("analyst", verdict.GetProperty("actor").GetString());
        Assert.Equal("false", (await JsonOf("/v1/audit/" + verdict.GetProperty("id").GetString())).GetProperty("verdict").GetString());
        Assert.Equal("allow", await api.DecisionAsync("shown", "&session=s%2F1"));

        string? Text(string name) => suspension.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Who_has_a_page_already_is_sent_nothing()
    {
        var first = await api.GetAsync(Role.Viewer, "/v1/agents?contains=none-of-these");
        var again = await api.GetAsync(Role.Viewer, "/v1/agents?contains=none-of-these", ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_filter_that_is_not_known_is_refused_and_not_left_out()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync(Role.Viewer, "/v1/incidents?agentid=a")).StatusCode);
    }

    private async Task<JsonElement> JsonOf(string path)
    {
        var response = await api.GetAsync(Role.Viewer, path);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
        return await RunningApi.JsonOf(response);
    }
}
