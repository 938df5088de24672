using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class OrderDispatcherTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_woken_order_is_sent_while_the_clock_stands_still()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(204), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        await bench.Listener.NextAsync();
        bench.Order("b");
        Assert.Equal("b", (await bench.Listener.NextAsync()).Message.Id);
        Assert.Equal(SomeWebhook.Time, bench.Time.GetUtcNow());
    }

    [Fact(Timeout = 60_000)]
    public async Task An_order_that_nobody_announced_is_found_all_the_same()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(204), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        await bench.Listener.NextAsync();
        SomeWebhook.Commit(bench.Path, SomeWebhook.Message("b"));
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("b", (await bench.Listener.NextAsync()).Message.Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task Eight_hanging_messages_hold_up_a_ninth_no_longer_than_the_timeout()
    {
        await using var server = new ScriptedServer([.. Enumerable.Repeat(ScriptedServer.Hang, 8), ScriptedServer.Status(204)]);
        await using var bench = new DispatcherBench(server.Address);
        bench.Order([.. Enumerable.Range(0, 8).Select(i => $"hangs{i}")]);
        for (var i = 0; i < 8; i++)
        {
            await server.NextRequestAsync();
        }

        bench.Order("ninth");
        bench.AdvancePastTimeout();

        Assert.Equal("ninth", (await server.NextRequestAsync()).Id);
        Assert.Equal("ninth", (await bench.Listener.NextAsync()).Message.Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_message_in_flight_is_not_sent_a_second_time()
    {
        await using var server = new ScriptedServer(ScriptedServer.Hang, ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        await server.NextRequestAsync();
        bench.Order("b");
        Assert.Equal("b", (await server.NextRequestAsync()).Id);
        Assert.Equal("b", (await bench.Listener.NextAsync()).Message.Id);
        Assert.False(server.HasMoreRequests);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_report_that_fails_is_made_again_and_the_webhook_is_not(int failures)
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Listener.FailNext(failures);
        bench.Order("a");
        for (var i = 0; i < failures; i++)
        {
            Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
            await bench.Log.WaitForAsync("ReportFailed");
            bench.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
        await bench.StopAsync();
        Assert.False(bench.Listener.HasMore);
        await server.NextRequestAsync();
        Assert.False(server.HasMoreRequests);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_journal_that_is_away_does_not_hold_up_the_attempts()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(500), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address, o => o with { EscalateAfterFailures = 1 });
        bench.Listener.FailNext(1);
        bench.Order("a");
        Assert.Equal("escalate", (await bench.Listener.NextAsync()).What);
        await bench.Log.WaitForAsync("ReportFailed");

        bench.Time.Advance(TimeSpan.FromSeconds(1.2));
        await bench.Log.WaitForAsync("Delivered");

        // Once it is back it is told both, in order.
        Assert.Equal("escalate", (await bench.Listener.NextAsync()).What);
        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
    }

    [Fact(Timeout = 60_000)]
    public async Task Gone_is_undeliverable_at_once_and_the_next_order_is_still_tried()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(410), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        var report = await bench.Listener.NextAsync();
        Assert.Equal(("undeliverable", AttemptKind.Disabled, 1), (report.What, report.Outcome.Kind, report.Message.Attempts));
        bench.Order("b");
        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_throttling_receiver_is_given_the_time_it_asks_for()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(429, "retry-after: 30"), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        await bench.Log.WaitForAsync("AttemptFailed");
        Assert.Equal(SomeWebhook.Time.AddSeconds(30), bench.Find("a").NextAttemptAt);
        Assert.Equal(AttemptKind.Throttled, bench.Find("a").LastOutcome!.Kind);
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_rejection_follows_the_schedule_since_it_may_be_put_right(int status)
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(status), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        await bench.Log.WaitForAsync("AttemptFailed");
        Assert.Equal(AttemptKind.Rejected, bench.Find("a").LastOutcome!.Kind);
        bench.AdvanceToNextAttempt("a");
        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
    }

    [Fact(Timeout = 60_000)]
    public async Task After_its_time_a_message_is_given_up_and_a_person_can_send_it_again()
    {
        await using var server = new ScriptedServer([.. Enumerable.Repeat(ScriptedServer.Status(503), 5)]);
        await using var bench = new DispatcherBench(server.Address, o => o with { GiveUpAfter = TimeSpan.FromSeconds(30) });
        bench.Order("a");

        // Attempts at 0, 1, 6 and 21 s, and the last at 30 s when time is up.
        for (var i = 0; i < 4; i++)
        {
            await bench.Log.WaitForAsync("AttemptFailed");
            bench.AdvanceToNextAttempt("a");
        }

        Assert.Equal("escalate", (await bench.Listener.NextAsync()).What);
        var report = await bench.Listener.NextAsync();
        Assert.Equal(("undeliverable", 503, 5), (report.What, report.Outcome.StatusCode, report.Message.Attempts));
        Assert.Equal(SomeWebhook.Time.AddSeconds(30), bench.Time.GetUtcNow());
        Assert.Equal("a", Assert.Single(bench.Outbox.Undeliverable(10)).Id);

        server.Then(ScriptedServer.Status(204));
        Assert.True(bench.Dispatcher.Retry("a"));
        Assert.Equal("delivered", (await bench.Listener.NextAsync()).What);
        Assert.False(bench.Dispatcher.Retry("a"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_delivery_that_cannot_be_written_down_is_not_sent_again_meanwhile()
    {
        await using var server = new ScriptedServer(ScriptedServer.Hang);
        await using var bench = new DispatcherBench(server.Address);
        bench.Order("a");
        await server.NextRequestAsync();
        Execute(bench, "ALTER TABLE outbox RENAME TO away");
        bench.AdvancePastTimeout();
        await bench.Log.WaitForAsync("OutboxUnavailable");
        await AdvanceUntilAsync(bench, "OutboxUnavailable");
        Execute(bench, "ALTER TABLE away RENAME TO outbox");
        Assert.False(server.HasMoreRequests);
        Assert.Equal(0, bench.Find("a").Attempts);

        await AdvanceUntilAsync(bench, "AttemptFailed");

        Assert.Equal("timeout", bench.Find("a").LastOutcome!.Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reported_messages_are_deleted_once_they_were_kept_long_enough()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(204), ScriptedServer.Status(204));
        await using var bench = new DispatcherBench(server.Address, o => o with { KeepReported = TimeSpan.FromHours(1) });
        bench.Order("a");
        await bench.Listener.NextAsync();
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Order("b");
        await bench.Listener.NextAsync();
        await bench.StopAsync();

        using var outbox = Outbox.Open(bench.Path);
        Assert.Null(outbox.Find("a"));
        Assert.NotNull(outbox.Find("b"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_dispatcher_starts_once_and_may_be_disposed_twice()
    {
        await using var server = new ScriptedServer();
        await using var bench = new DispatcherBench(server.Address);
        Assert.Throws<InvalidOperationException>(() => { _ = bench.Dispatcher.Start(); });
        await bench.Dispatcher.DisposeAsync();
    }

    private static async Task AdvanceUntilAsync(DispatcherBench bench, string name)
    {
        var happened = bench.Log.WaitForAsync(name);
        while (!happened.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }

        await happened;
    }

    private static void Execute(DispatcherBench bench, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={bench.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
