using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class WebhookDeliveryScenarioTests
{
    private const string Id = "suspension/billing/1";

    [Fact(Timeout = 60_000)]
    public async Task An_order_arrives_once_through_every_failure_a_network_has_and_a_restart()
    {
        await using var elsewhere = new ScriptedServer(ScriptedServer.Status(204));
        await using var server = new ScriptedServer(
            ScriptedServer.Status(500),
            ScriptedServer.Hang,
            ScriptedServer.Reset,
            ScriptedServer.Status(302, $"location: {elsewhere.Address}"),
            ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        var arrived = new List<ScriptedServer.Request>();

        bench.Order(Id);
        await ArrivesAsync();
        await FailsAsync(1, "http_500");

        bench.AdvanceToNextAttempt(Id);
        await ArrivesAsync();
        bench.AdvancePastTimeout();
        await FailsAsync(2, "timeout");
        Assert.False(bench.Listener.HasMore);

        bench.AdvanceToNextAttempt(Id);
        await ArrivesAsync();
        await FailsAsync(3, "connection_reset");
        var escalation = await bench.Listener.NextAsync();
        Assert.Equal(("escalate", Id, "connection_reset"), (escalation.What, escalation.Message.Id, escalation.Outcome.Reason));

        server.StopListening();
        await bench.RestartAsync();
        bench.AdvanceToNextAttempt(Id);
        await FailsAsync(4, "connection_refused");

        server.Listen();
        bench.AdvanceToNextAttempt(Id);
        await ArrivesAsync();
        await FailsAsync(5, "redirect");

        await bench.RestartAsync();
        bench.AdvanceToNextAttempt(Id);
        await ArrivesAsync();
        var delivered = await bench.Listener.NextAsync();
        Assert.Equal(("delivered", Id, 204, 6), (delivered.What, delivered.Message.Id, delivered.Outcome.StatusCode, delivered.Message.Attempts));

        // A day and another restart later there is nothing left to send or to say.
        await bench.Log.WaitForAsync("Delivered");
        await bench.RestartAsync();
        bench.Time.Advance(TimeSpan.FromDays(1));
        await bench.StopAsync();
        Assert.False(server.HasMoreRequests);
        Assert.False(elsewhere.HasMoreRequests);
        Assert.False(bench.Listener.HasMore);
        Assert.Equal(["escalate", "delivered"], bench.Listener.Seen.Select(report => report.What));

        Assert.Equal(5, arrived.Count);
        Assert.All(arrived, request => Assert.Equal(Id, request.Id));
        Assert.All(arrived, request => Assert.Equal(arrived[0].Body, request.Body));
        Assert.Equal(5, arrived.Select(request => request.Timestamp).Distinct().Count());

        async Task ArrivesAsync()
        {
            var request = await server.NextRequestAsync();
            Assert.Equal(SignatureVerdict.Valid, request.Verify(bench.Time.GetUtcNow()));
            Assert.Equal(bench.Time.GetUtcNow().ToUnixTimeSeconds(), request.Timestamp);
            arrived.Add(request);
        }

        async Task FailsAsync(int attempts, string reason)
        {
            await bench.Log.WaitForAsync("AttemptFailed");
            Assert.Equal((attempts, reason), (bench.Find(Id).Attempts, bench.Find(Id).LastOutcome!.Reason));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task An_attempt_cut_short_by_a_stop_is_made_again_after_it()
    {
        await using var server = new ScriptedServer(ScriptedServer.Hang, ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order(Id);
        await server.NextRequestAsync();

        await bench.RestartAsync();

        Assert.Equal(Id, (await server.NextRequestAsync()).Id);
        var delivered = await bench.Listener.NextAsync();
        Assert.Equal(("delivered", 1), (delivered.What, delivered.Message.Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_outcome_that_was_not_reported_before_a_stop_is_reported_after_it()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Listener.FailNext(1);
        bench.Order(Id);
        await bench.Listener.NextAsync();
        await bench.Log.WaitForAsync("ReportFailed");

        await bench.RestartAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
        await bench.StopAsync();
        Assert.Equal(OutboxState.Delivered, ReadAfterStop(bench).State);
        Assert.True(ReadAfterStop(bench).IsReported);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_receiver_accepts_what_the_dispatcher_sends()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var receiver = await WebhookReceiver.StartAsync(SomeWebhook.Secret, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(SomeWebhook.Time), cancel.Token);
        await using var bench = new DispatcherBench(receiver.Address);
        bench.Order("a", "b", "c");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var webhook = await receiver.Received.ReadAsync(cancel.Token);
            Assert.Equal((true, false, "agent.suspended"), (webhook.SignatureValid, webhook.IsRepeat, webhook.Type));
            ids.Add(webhook.Id);
        }

        Assert.Equal(["a", "b", "c"], ids.Order());
    }

    private static OutboxMessage ReadAfterStop(DispatcherBench bench)
    {
        using var outbox = Outbox.Open(bench.Path);
        return outbox.Find(Id)!;
    }
}
