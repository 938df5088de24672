using System.Net;
using System.Net.Http.Json;
using System.Text;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Tests.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Service.Tests.Api;

public sealed class RegistryEndpointsTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    // One after the other in event time, whichever test they belong to.
    private static int _calls;

    [Fact]
    public async Task A_change_reaches_the_detectors_of_the_running_service_and_is_there_after_a_restart()
    {
        await CallAsync("clerk", "hr.delete");
        Assert.Equal(0, OutsideOfScope("clerk"));

        await PutAsync("clerk", new { scope = new { tools = (string[])["crm.*"] }, reason = "the office asked for it" });
        await RegisteredAsync("clerk");
        await CallAsync("clerk", "crm.read");
        await CallAsync("clerk", "hr.delete");
        Assert.Equal(1, OutsideOfScope("clerk"));

        // Before the journal is read again, what was saved with the partition holds.
        await api.Line.StopServiceAsync();
        await api.Line.StartServiceAsync();
        await CallAsync("clerk", "hr.drop");
        await RegisteredAsync("clerk");
        await CallAsync("clerk", "hr.wipe");
        Assert.Equal(3, OutsideOfScope("clerk"));

        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(HttpMethod.Delete, "/v1/registry/clerk?reason=left", null)).StatusCode);
        await RunningLine.WaitAsync(async () => (await api.GetAsync(Role.Viewer, "/v1/registry/clerk")).StatusCode == HttpStatusCode.NotFound);
        await CallAsync("clerk", "hr.delete");
        Assert.Equal(3, OutsideOfScope("clerk"));
    }

    [Fact]
    public async Task Who_acts_without_being_registered_is_listed_and_flagged_until_it_is()
    {
        await PutAsync("porter", new { owner = "emma", reason = "known" });
        await RegisteredAsync("porter");
        await CallAsync("p\u043Erter", "crm.read");
        await CallAsync("porter", "crm.read");
        await RunningLine.WaitAsync(async () => (await UnregisteredAsync()).Contains("p\u043Erter"));
        Assert.DoesNotContain("porter", await UnregisteredAsync());
        Assert.Equal("porter", Current.Unregistered.Single(u => u.AgentId == "p\u043Erter").MistakableFor);

        await PutAsync("p\u043Erter", new { reason = "the same name in another alphabet, on purpose" });
        await RunningLine.WaitAsync(async () => !(await UnregisteredAsync()).Contains("p\u043Erter"));
    }

    [Fact]
    public async Task What_cannot_be_registered_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, "/v1/registry/a", new { reason = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, "/v1/registry/a", new { reason = "r", surprise = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, "/v1/registry/a", new { reason = "r", scope = new { actions = (string[])["fly"] } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, "/v1/registry/a", new { reason = "r", credentials = (string?[])[null] })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Delete, "/v1/registry/nobody-there?reason=r", null)).StatusCode);

        await PutAsync("holder", new { credentials = (string[])["key-h"], reason = "r" });
        await RegisteredAsync("holder");
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Put, "/v1/registry/thief", new { credentials = (string[])["key-h"], reason = "r" })).StatusCode);
    }

    private CurrentRegistry Current => api.Line.Services.GetRequiredService<CurrentRegistry>();

    private async Task PutAsync(string id, object body) =>
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(HttpMethod.Put, $"/v1/registry/{Uri.EscapeDataString(id)}", body)).StatusCode);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body) =>
        api.SendAsync(method, path, api.Tokens[Role.Admin], body is null ? null : JsonContent.Create(body));

    private Task RegisteredAsync(string id) => RunningLine.WaitAsync(() => Task.FromResult(Current.Registry.Find(id) is not null && Current.Amendments is not null));

    private async Task<List<string>> UnregisteredAsync()
    {
        var page = await RunningApi.JsonOf(await api.GetAsync(Role.Viewer, "/v1/unregistered-agents"));
        return [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
    }

    private async Task CallAsync(string agentId, string tool)
    {
        var number = Interlocked.Increment(ref _calls);
        var call = Encoding.UTF8.GetString(RunningLine.Call(agentId, number, Start.AddMinutes(number))).Replace("crm.read", tool, StringComparison.Ordinal);
        await api.Line.SendAsync([(agentId, Encoding.UTF8.GetBytes(call))]);
        await api.Line.SettleAsync();
    }

    private int OutsideOfScope(string agentId) => api.Line.ReadAll(api.Line.Options.Kafka.JournalTopic)
        .Select(r => JournalJson.TryRead(r.Message.Value, out var entry, out _) ? (entry as AnomalyFound)?.Anomaly : null)
        .Count(a => a?.AgentId == agentId && a.Evidence.Detector == "declared-scope");
}
