using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Tests.Outbound;

namespace AgentSentinel.Service.Tests.Suspension.Http;

/// <summary>Every template that comes with the product, against a system that behaves as it is documented to, and against worse ones.</summary>
public sealed class HttpAdapterTests
{
    public static TheoryData<string> Systems => IdentitySystem.Names;

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task It_suspends_reads_back_and_restores_at_the_lift(string template)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        var outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Delivered, ReadBack.Verified, "suspended"), (outcome.Kind, outcome.ReadBack, outcome.Reason));
        Assert.True(system.IsSuspended);
        Assert.True(system.IsRead(bench.Api.Requests.Last()), "What is reported was not read after the last change.");
        Assert.Equal(SuspensionTemplate.Load(system.Name).ResidualAccess, outcome.ResidualAccess);

        outcome = await bench.RunAsync(SomeOrder.Lift());
        Assert.Equal((AttemptKind.Delivered, ReadBack.Verified, "active"), (outcome.Kind, outcome.ReadBack, outcome.Reason));
        Assert.False(system.IsSuspended);
        Assert.True(system.IsRead(bench.Api.Requests.Last()));
        Assert.Null(outcome.ResidualAccess);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task The_same_order_again_changes_nothing_and_the_lift_still_restores(string template)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        await bench.RunAsync(SomeOrder.Suspend());
        var outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Delivered, ReadBack.Verified), (outcome.Kind, outcome.ReadBack));
        await bench.RunAsync(SomeOrder.Lift());
        Assert.False(system.IsSuspended);
        var changes = system.Changes;
        outcome = await bench.RunAsync(SomeOrder.Lift());
        Assert.Equal((AttemptKind.Delivered, "nothing_to_restore"), (outcome.Kind, outcome.Reason));
        Assert.Equal(changes, system.Changes);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task What_was_suspended_before_is_left_so_by_the_lift(string template)
    {
        var system = IdentitySystem.Named(template);
        system.IsSuspended = true;
        using var bench = HttpAdapterBench.Start(system);
        var outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Delivered, ReadBack.Verified, "already_suspended"), (outcome.Kind, outcome.ReadBack, outcome.Reason));
        outcome = await bench.RunAsync(SomeOrder.Lift());
        Assert.Equal((AttemptKind.Delivered, "prior_state_kept"), (outcome.Kind, outcome.Reason));
        Assert.True(system.IsSuspended);
        Assert.Equal(0, system.Changes);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_system_that_says_yes_and_does_nothing_is_not_believed(string template)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        system.IsLying = true;
        var outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Failed, ReadBack.Contradicted, "contradicted"), (outcome.Kind, outcome.ReadBack, outcome.Reason));

        system.IsLying = false;
        Assert.Equal(ReadBack.Verified, (await bench.RunAsync(SomeOrder.Suspend())).ReadBack);
        system.IsLying = true;
        outcome = await bench.RunAsync(SomeOrder.Lift());
        Assert.Equal((AttemptKind.Failed, ReadBack.Contradicted), (outcome.Kind, outcome.ReadBack));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Refusals_and_failures_of_a_change_are_told_apart_and_a_later_attempt_succeeds(string template)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        foreach (var (status, kind) in ((int, AttemptKind)[])[
            (403, AttemptKind.Rejected), (429, AttemptKind.Throttled), (500, AttemptKind.Failed), (302, AttemptKind.Failed)])
        {
            system.Instead = request => IdentitySystem.IsChange(request) ? new(status, "", ("location", "https://example.com/"), ("retry-after", "3")) : null;
            var outcome = await bench.RunAsync(SomeOrder.Suspend());
            Assert.Equal((kind, status, status == 302 ? "change_redirect" : $"change_http_{status}"), (outcome.Kind, outcome.StatusCode, outcome.Reason));
            Assert.Equal(TimeSpan.FromSeconds(3), outcome.RetryAfter);
            Assert.Equal(ReadBack.None, outcome.ReadBack);
        }

        system.Instead = _ => null;
        Assert.Equal(ReadBack.Verified, (await bench.RunAsync(SomeOrder.Suspend())).ReadBack);
        await bench.RunAsync(SomeOrder.Lift());
        Assert.False(system.IsSuspended);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_state_that_cannot_be_read_changes_nothing(string template)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        foreach (var (reply, reason) in ((ScriptedApi.Reply, string)[])[
            (new(404), "read_http_404"), (new(503), "read_http_503"), (new(200, "<html>"), "read_unreadable"), (new(200, "{}"), "unexpected_state"), (new(200, "[]"), "unexpected_state")])
        {
            system.Instead = request => system.IsRead(request) ? reply : null;
            var outcome = await bench.RunAsync(SomeOrder.Suspend());
            Assert.Equal(reason, outcome.Reason);
            Assert.NotEqual(AttemptKind.Delivered, outcome.Kind);
        }

        Assert.DoesNotContain(bench.Api.Requests, IdentitySystem.IsChange);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_system_that_does_not_answer_is_a_timeout(string template)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        var isAsked = new TaskCompletionSource();
        system.Instead = request =>
        {
            if (!IdentitySystem.IsChange(request))
            {
                return null;
            }

            isAsked.TrySetResult();
            return ScriptedApi.Reply.Hang;
        };
        var running = bench.RunAsync(SomeOrder.Suspend());
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        bench.Time.Advance(bench.Options.Timeout);
        var outcome = await running;
        Assert.Equal((AttemptKind.Failed, "change_timeout"), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public async Task A_suspension_that_stopped_half_way_is_no_success_and_the_next_attempt_completes_it()
    {
        var system = IdentitySystem.Named("okta-user");
        using var bench = HttpAdapterBench.Start(system);
        system.Instead = request => request.Method == "DELETE" ? new(500) : null;
        var outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Failed, "partial_http_500"), (outcome.Kind, outcome.Reason));
        Assert.True(system.IsSuspended);

        system.Instead = _ => null;
        outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Delivered, ReadBack.Verified), (outcome.Kind, outcome.ReadBack));
        Assert.Equal("DELETE", bench.Api.Requests.Where(IdentitySystem.IsChange).Last().Method);
        await bench.RunAsync(SomeOrder.Lift());
        Assert.False(system.IsSuspended);
    }

    [Fact]
    public async Task An_identity_other_than_the_targets_is_never_touched()
    {
        var system = IdentitySystem.Named("okta-app");
        using var bench = HttpAdapterBench.Start(system);
        system.Instead = request => system.IsRead(request) ? new(200, """{"id":"0oa2","status":"ACTIVE"}""") : null;
        Assert.Equal("unexpected_state", (await bench.RunAsync(SomeOrder.Suspend())).Reason);
        Assert.DoesNotContain(bench.Api.Requests, IdentitySystem.IsChange);
    }

    [Theory]
    [InlineData("CRM-assistant")]
    [InlineData("crm-assistant ")]
    [InlineData("crm-аssistant")]
    public async Task An_agent_whose_id_only_looks_like_the_configured_one_is_not_its_target(string agent)
    {
        using var bench = HttpAdapterBench.Start(IdentitySystem.Named("okta-app"));
        Assert.Null(bench.Adapter.MessageOf(SomeOrder.Suspend(agent: agent)));
        Assert.NotNull(bench.Adapter.MessageOf(SomeOrder.Suspend()));
    }

    [Fact]
    public async Task Tokens_are_asked_for_once_and_anew_when_they_expire_or_are_refused()
    {
        var system = IdentitySystem.Named("entra-agent-identity");
        using var bench = HttpAdapterBench.Start(system);
        await bench.RunAsync(SomeOrder.Suspend());
        var token = Assert.Single(bench.Api.Requests, IdentitySystem.IsTokenRequest);
        Assert.Equal("/contoso/oauth2/v2.0/token", token.Path);
        Assert.Equal(
            ("client_credentials", "https://graph.microsoft.com/.default", "sentinel", "s3cret"),
            (token.Form["grant_type"], token.Form["scope"], token.Form["client_id"], token.Form["client_secret"]));
        Assert.All(bench.Api.Requests.Where(r => r != token), r => Assert.Equal("Bearer t-1", r.Headers["authorization"]));

        bench.Time.Advance(TimeSpan.FromMinutes(59));
        await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal(2, bench.Api.Requests.Count(IdentitySystem.IsTokenRequest));

        system.Instead = request => system.IsRead(request) ? new(401) : null;
        Assert.Equal("read_http_401", (await bench.RunAsync(SomeOrder.Suspend())).Reason);
        system.Instead = _ => null;
        await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal(3, bench.Api.Requests.Count(IdentitySystem.IsTokenRequest));
    }

    [Fact]
    public async Task A_refused_token_is_told_as_such()
    {
        var system = IdentitySystem.Named("keycloak-client");
        using var bench = HttpAdapterBench.Start(system);
        system.Instead = request => IdentitySystem.IsTokenRequest(request) ? new(401, """{"error":"invalid_client"}""") : null;
        var outcome = await bench.RunAsync(SomeOrder.Suspend());
        Assert.Equal((AttemptKind.Rejected, "read_token_http_401"), (outcome.Kind, outcome.Reason));
        Assert.Equal("Basic c2VudGluZWw6czNjcmV0", Assert.Single(bench.Api.Requests).Headers["authorization"]);
    }

    [Theory]
    [InlineData("okta-app", "client_assertion", "sub")]
    [InlineData("gcp-service-account", "assertion", "scope")]
    public async Task Assertions_are_signed_and_short_lived(string template, string field, string claim)
    {
        var system = IdentitySystem.Named(template);
        using var bench = HttpAdapterBench.Start(system);
        await bench.RunAsync(SomeOrder.Suspend());
        var request = Assert.Single(bench.Api.Requests, IdentitySystem.IsTokenRequest);
        var claims = SomeKey.ClaimsOf(request.Form[field]);
        Assert.Equal("sentinel", claims.GetProperty("iss").GetString());
        Assert.Equal(new Uri(bench.Api.Address, request.Path).ToString(), claims.GetProperty("aud").GetString());
        Assert.True(claims.TryGetProperty(claim, out _));
        Assert.InRange(claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64(), 1, 600);
    }

    [Fact]
    public async Task A_github_app_speaks_with_its_own_token_and_vault_with_its_header()
    {
        using var github = HttpAdapterBench.Start(IdentitySystem.Named("github-app"));
        await github.RunAsync(SomeOrder.Suspend());
        Assert.All(github.Api.Requests, r => Assert.Equal("sentinel", SomeKey.ClaimsOf(r.Headers["authorization"]["Bearer ".Length..]).GetProperty("iss").GetString()));
        Assert.All(github.Api.Requests, r => Assert.Equal("2022-11-28", r.Headers["x-github-api-version"]));

        using var vault = HttpAdapterBench.Start(IdentitySystem.Named("vault-entity"));
        await vault.RunAsync(SomeOrder.Suspend());
        Assert.All(vault.Api.Requests, r => Assert.Equal("s3cret", r.Headers["x-vault-token"]));
    }
}
