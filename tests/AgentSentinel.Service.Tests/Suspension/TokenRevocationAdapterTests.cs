using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Outbound;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class TokenRevocationAdapterTests
{
    [Theory]
    [InlineData(null, AttemptKind.Delivered, ReadBack.NotVerifiable, "http_200")]
    [InlineData("""{"active":false}""", AttemptKind.Delivered, ReadBack.Verified, "http_200")]
    [InlineData("""{"active":true}""", AttemptKind.Failed, ReadBack.Contradicted, "contradicted")]
    [InlineData("""[]""", AttemptKind.Failed, ReadBack.None, "read_back_unreadable")]
    [InlineData("""{"active":"no"}""", AttemptKind.Failed, ReadBack.None, "read_back_unreadable")]
    internal async Task A_revocation_is_read_back_where_it_can_be(string? introspection, AttemptKind kind, ReadBack readBack, string reason)
    {
        using var api = new ScriptedApi(request => request.Path == "/introspect" ? new(200, introspection!) : new(200));
        var outcome = await RunAsync(api, SomeOrder.Suspend(), introspection is null ? null : api.Address + "introspect");
        Assert.Equal((kind, readBack, reason), (outcome.Kind, outcome.ReadBack, outcome.Reason));
        Assert.All(api.Requests, request => Assert.Equal(("tok en&1", "refresh_token"), (request.Form["token"], request.Form["token_type_hint"])));
        Assert.Equal("Basic Z3c6czNjcmV0", api.Requests.First().Headers["authorization"]);
    }

    [Theory]
    [InlineData(400, AttemptKind.Rejected)]
    [InlineData(503, AttemptKind.Failed)]
    internal async Task A_refusal_is_no_revocation(int status, AttemptKind kind)
    {
        using var api = new ScriptedApi(_ => new(status, """{"error":"unsupported_token_type"}""", ("retry-after", "9")));
        var outcome = await RunAsync(api, SomeOrder.Suspend(), null);
        Assert.Equal((kind, $"http_{status}", TimeSpan.FromSeconds(9)), (outcome.Kind, outcome.Reason, outcome.RetryAfter));
    }

    [Fact]
    public async Task A_lift_says_that_there_is_nothing_to_give_back()
    {
        using var api = new ScriptedApi();
        var outcome = await RunAsync(api, SomeOrder.Lift(), null);
        Assert.Equal((AttemptKind.Delivered, "nothing_to_restore"), (outcome.Kind, outcome.Reason));
        Assert.Empty(api.Requests);
    }

    private static async Task<AttemptOutcome> RunAsync(ScriptedApi api, AgentSentinel.Core.Response.SuspensionOrder order, string? introspectionUrl)
    {
        using var secret = new TemporaryFile("s3cret");
        using var token = new TemporaryFile("tok en&1\n");
        var options = new TokenRevocationOptions
        {
            Url = api.Address + "revoke", IntrospectionUrl = introspectionUrl, ClientId = "gw", ClientSecretFile = secret.Path,
            Agents = [new() { Agent = SomeOrder.Agent, Target = token.Path }], AllowPrivateTargets = true,
        };
        Assert.Empty(options.Validate());
        using var adapter = new TokenRevocationAdapter("revocation-test", options, TimeProvider.System);
        return await adapter.ExecuteAsync(adapter.MessageOf(order)!, TestContext.Current.CancellationToken);
    }
}
