using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Outbound;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class WebhookAdapterTests
{
    [Theory]
    [InlineData(200, """{"state":"suspended"}""", AttemptKind.Delivered, ReadBack.Verified, "http_202")]
    [InlineData(200, """{"state":"active"}""", AttemptKind.Failed, ReadBack.Contradicted, "contradicted")]
    [InlineData(200, """{"state":"asleep"}""", AttemptKind.Failed, ReadBack.None, "status_unreadable")]
    [InlineData(200, "[]", AttemptKind.Failed, ReadBack.None, "status_unreadable")]
    [InlineData(200, "<html>", AttemptKind.Failed, ReadBack.None, "status_unreadable")]
    [InlineData(404, "", AttemptKind.Failed, ReadBack.None, "status_http_404")]
    internal async Task With_a_status_url_an_accepted_webhook_counts_when_it_was_read_back(int status, string body, AttemptKind kind, ReadBack readBack, string reason)
    {
        using var api = new ScriptedApi(request => request.Method == "GET" ? new(status, body) : new(202));
        using var adapter = new WebhookAdapter(SomeWebhook.Options(new Uri(api.Address, "hook")) with { StatusUrl = api.Address + "state/{suspension_id}" }, TimeProvider.System);
        var outcome = await adapter.ExecuteAsync(adapter.MessageOf(SomeOrder.Suspend())!, TestContext.Current.CancellationToken);
        Assert.Equal((kind, readBack, reason), (outcome.Kind, outcome.ReadBack, outcome.Reason));

        var asked = api.Requests.Last();
        Assert.Equal("/state/sus_1", asked.Path);
        Assert.Equal(SignatureVerdict.Valid, WebhookSignature.Verify(
            [WebhookSecret.Parse(SomeWebhook.Secret)], asked.Headers["webhook-id"], asked.Headers["webhook-timestamp"], asked.Headers["webhook-signature"], [], DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task A_lift_is_read_back_as_active_under_the_suspensions_own_id()
    {
        using var api = new ScriptedApi(request => request.Method == "GET" ? new(200, """{"state":"active"}""") : new(202));
        using var adapter = new WebhookAdapter(SomeWebhook.Options(new Uri(api.Address, "hook")) with { StatusUrl = api.Address + "state/{suspension_id}" }, TimeProvider.System);
        var outcome = await adapter.ExecuteAsync(adapter.MessageOf(SomeOrder.Lift())!, TestContext.Current.CancellationToken);
        Assert.Equal(ReadBack.Verified, outcome.ReadBack);
        Assert.Equal("/state/sus_1", api.Requests.Last().Path);
    }

    [Fact]
    public async Task Without_a_status_url_nothing_can_be_verified()
    {
        using var api = new ScriptedApi(_ => new(202));
        using var adapter = new WebhookAdapter(SomeWebhook.Options(new Uri(api.Address, "hook")), TimeProvider.System);
        var outcome = await adapter.ExecuteAsync(adapter.MessageOf(SomeOrder.Suspend())!, TestContext.Current.CancellationToken);
        Assert.Equal((AttemptKind.Delivered, ReadBack.NotVerifiable), (outcome.Kind, outcome.ReadBack));
        Assert.Single(api.Requests);
    }
}
