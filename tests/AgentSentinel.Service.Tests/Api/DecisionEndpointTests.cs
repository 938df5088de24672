using System.Net;
using AgentSentinel.Service.Api;

namespace AgentSentinel.Service.Tests.Api;

public sealed class DecisionEndpointTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task Who_has_the_answer_is_told_so_until_it_changes()
    {
        var first = await api.GetAsync(Role.Gateway, "/v1/decisions/tagged");
        var tag = first.Headers.ETag!.ToString();
        var again = await api.GetAsync(Role.Gateway, "/v1/decisions/tagged", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await api.GetAsync(Role.Gateway, "/v1/decisions/tagged", ("If-None-Match", $"\"x\", W/{tag}"))).StatusCode);

        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "tagged", reason = "a change" });
        var changed = await api.GetAsync(Role.Gateway, "/v1/decisions/tagged", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
        var answer = await RunningApi.JsonOf(changed);
        Assert.Equal("a change", answer.GetProperty("reason").GetString());
        Assert.True(answer.GetProperty("is_current").GetBoolean());
        Assert.True(answer.GetProperty("expires_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_question_that_waits_is_answered_when_the_answer_changes()
    {
        var tag = (await api.GetAsync(Role.Gateway, "/v1/decisions/awaited")).Headers.ETag!.ToString();
        var waiting = api.GetAsync(Role.Gateway, "/v1/decisions/awaited?wait=60", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, (await api.GetAsync(Role.Gateway, "/v1/decisions/awaited?wait=1", ("If-None-Match", tag))).StatusCode);
        Assert.False(waiting.IsCompleted);
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "awaited", reason = "now" });
        Assert.Equal("deny", (await RunningApi.JsonOf(await waiting)).GetProperty("decision").GetString());
    }

    [Fact]
    public async Task A_stream_tells_every_change()
    {
        using var response = await api.GetAsync(Role.Gateway, "/v1/decisions/streamed", ("Accept", "text/event-stream"));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Contains("\"allow\"", await NextAsync(reader), StringComparison.Ordinal);
        var outcome = await api.CommandAsync(Role.Responder, new { command = "suspend", target = "streamed", reason = "now" });
        Assert.Contains("\"deny\"", await NextAsync(reader), StringComparison.Ordinal);
        await api.CommandAsync(Role.Responder, new { command = "lift", target = outcome.GetProperty("suspension_ids")[0].GetString(), reason = "over" });
        Assert.Contains("\"allow\"", await NextAsync(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_denied_can_be_had_at_once()
    {
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "listed", session = "s-1", reason = "now" });
        var all = await RunningApi.JsonOf(await api.GetAsync(Role.Gateway, "/v1/decisions"));
        var listed = all.GetProperty("denials").EnumerateArray().Single(d => d.GetProperty("agent").GetString() == "listed");
        Assert.Equal(("session", "s-1"), (listed.GetProperty("target").GetString(), listed.GetProperty("target_id").GetString()));
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return "";
    }
}
