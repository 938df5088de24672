using System.Net;
using AgentSentinel.Service.Api;

namespace AgentSentinel.Service.Tests.Api;

public sealed class CommandEndpointsTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_suspension_by_a_person_denies_the_agent_until_it_is_lifted()
    {
        Assert.Equal("allow", await api.DecisionAsync("crm-1"));

        var suspended = await api.CommandAsync(Role.Responder, new { command = "suspend", target = "crm-1", reason = "it exports what it should not" });
        Assert.Equal("done", suspended.GetProperty("state").GetString());
        Assert.Equal("responder", suspended.GetProperty("command").GetProperty("actor").GetString());
        Assert.Equal("deny", await api.DecisionAsync("crm-1"));
        Assert.Equal("allow", await api.DecisionAsync("crm-2"));

        var id = suspended.GetProperty("suspension_ids")[0].GetString();
        var lifted = await api.CommandAsync(Role.Responder, new { command = "lift", target = id, reason = "it was asked to" });
        Assert.Equal("done", lifted.GetProperty("state").GetString());
        Assert.Equal("allow", await api.DecisionAsync("crm-1"));
    }

    [Fact]
    public async Task A_suspended_session_or_credential_denies_only_what_uses_it()
    {
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "bot", session = "s-1", reason = "odd session" });
        await api.CommandAsync(Role.Responder, new { command = "suspend", target = "bot", credential = "key-9", reason = "leaked" });

        Assert.Equal("allow", await api.DecisionAsync("bot"));
        Assert.Equal("allow", await api.DecisionAsync("bot", "&session=s-2"));
        Assert.Equal("deny", await api.DecisionAsync("bot", "&session=s-1"));
        Assert.Equal("deny", await api.DecisionAsync("bot", "&credential=key-9&tool=crm.read"));
        Assert.Equal("deny", await api.DecisionAsync("another", "&credential=key-9"));
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_is_the_same_command()
    {
        var body = new { command = "disarm", target = "owner-7", reason = "for the test" };
        var first = await RunningApi.JsonOf(await api.PostAsync(Role.Responder, "/v1/commands", body, ("Idempotency-Key", "key-1")));
        var repeat = await RunningApi.JsonOf(await api.PostAsync(Role.Responder, "/v1/commands", body, ("Idempotency-Key", "key-1")));
        Assert.Equal(first.GetProperty("id").GetString(), repeat.GetProperty("id").GetString());

        var other = await api.PostAsync(Role.Responder, "/v1/commands", body with { target = "owner-8" }, ("Idempotency-Key", "key-1"));
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);

        // Another person's key is another key.
        var admin = await RunningApi.JsonOf(await api.PostAsync(Role.Admin, "/v1/commands", body, ("Idempotency-Key", "key-1")));
        Assert.NotEqual(first.GetProperty("id").GetString(), admin.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_command_that_changes_nothing_says_so()
    {
        var lift = await api.CommandAsync(Role.Responder, new { command = "lift", target = "sus_00", reason = "there is none" });
        Assert.Equal("no_effect", lift.GetProperty("state").GetString());
        var verdict = await api.CommandAsync(Role.Analyst, new { command = "verdict", target = "sus_00", verdict = "justified", reason = "there is none" });
        Assert.Equal("no_effect", verdict.GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_automation_is_disarmed_and_armed()
    {
        await api.CommandAsync(Role.Responder, new { command = "disarm", target = "*", reason = "it misfires" });
        await WaitForOwners("*");
        await api.CommandAsync(Role.Admin, new { command = "arm", target = "*", reason = "mended" });
        await WaitForOwners();

        Task WaitForOwners(params string[] owners) => Pipelines.RunningLine.WaitAsync(async () =>
            (await RunningApi.JsonOf(await api.GetAsync(Role.Viewer, "/v1/status"))).GetProperty("status").GetProperty("disarmed_owners").EnumerateArray()
                .Select(o => o.GetString()!).Where(o => !o.StartsWith("owner-", StringComparison.Ordinal)).SequenceEqual(owners));
    }

    [Theory]
    [InlineData("""{"command":"suspend","target":"a"}""")]
    [InlineData("""{"command":"suspend","target":"a","reason":"  "}""")]
    [InlineData("""{"command":"suspend","target":"","reason":"r"}""")]
    [InlineData("""{"command":"explode","target":"a","reason":"r"}""")]
    [InlineData("""{"command":0,"target":"a","reason":"r"}""")]
    [InlineData("""{"command":"suspend","target":"a","reason":"r","actor":"somebody else"}""")]
    [InlineData("""{"command":"suspend","target":"a","reason":"r","session":"s","credential":"c"}""")]
    [InlineData("""{"command":"suspend","target":"a","reason":"r","verdict":"false"}""")]
    [InlineData("""{"command":"verdict","target":"sus_1","reason":"r"}""")]
    [InlineData("""{"command":"lift","target":"an agent","reason":"r"}""")]
    [InlineData("""{"command":"dismiss","target":"sus_1","reason":"r"}""")]
    [InlineData("""{"command":"suspend","target":"\ud800","reason":"r"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_command_that_makes_no_sense_is_refused_with_a_problem(string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var response = await api.SendAsync(HttpMethod.Post, "/v1/commands", api.Tokens[Role.Admin], body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_unknown_command_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Role.Viewer, "/v1/commands/cmd_none")).StatusCode);
    }
}
