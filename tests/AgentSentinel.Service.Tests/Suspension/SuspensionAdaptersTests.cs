using AgentSentinel.Core.Response;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Tests.Outbound;
using AgentSentinel.Service.Tests.Suspension.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>Several ways to suspend behind one outbox.</summary>
public sealed class SuspensionAdaptersTests : IDisposable
{
    private readonly TemporaryFile _file = new();
    private readonly TemporaryFile _secret = new("s3cret");
    private readonly FakeTimeProvider _time = new(SomeWebhook.Time);

    public void Dispose()
    {
        _file.Dispose();
        _secret.Dispose();
    }

    [Fact]
    public async Task An_order_goes_to_every_way_that_knows_its_agent_each_with_an_id_of_its_own()
    {
        using var api = new ScriptedApi();
        using var adapters = new SuspensionAdapters(Options(api), _file.Path, _time);
        Assert.Equal([("sus_1", "webhook"), ("sus_1@http-vault", "http-vault")], adapters.MessagesOf(SomeOrder.Suspend()).Select(m => (m.Id, m.Adapter)));
        Assert.Equal([("sus_1_lift", "webhook"), ("sus_1_lift@http-vault", "http-vault")], adapters.MessagesOf(SomeOrder.Lift()).Select(m => (m.Id, m.Adapter)));
        Assert.Equal([("sus_2", "webhook")], adapters.MessagesOf(SomeOrder.Suspend("sus_2", "other-agent")).Select(m => (m.Id, m.Adapter)));
    }

    [Theory]
    [InlineData(SuspensionTargetKind.Session)]
    [InlineData(SuspensionTargetKind.Credential)]
    public async Task An_order_about_less_than_the_agent_does_not_take_its_identity_away(SuspensionTargetKind kind)
    {
        using var api = new ScriptedApi();
        using var adapters = new SuspensionAdapters(Options(api), _file.Path, _time);
        var order = SomeOrder.Suspend() with { Target = new SuspensionTarget(kind, "x") };
        Assert.Equal("webhook", Assert.Single(adapters.MessagesOf(order)).Adapter);
    }

    [Fact]
    public async Task An_order_that_no_way_can_carry_out_fails_at_once_before_people()
    {
        using var api = new ScriptedApi();
        using var adapters = new SuspensionAdapters(Options(api) with { Webhook = new() }, _file.Path, _time);
        await using var run = new Run(_file.Path, adapters, _time);
        run.Order(adapters.MessagesOf(SomeOrder.Suspend(agent: "other-agent")));
        var report = await run.Listener.NextAsync();
        Assert.Equal(("undeliverable", "no_adapter_for_agent"), (report.What, report.Outcome.Reason));
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_lying_success_is_never_delivered_and_people_are_told()
    {
        var vault = IdentitySystem.Named("vault-entity");
        vault.IsLying = true;
        using var api = new ScriptedApi(vault.Answer);
        using var adapters = new SuspensionAdapters(Options(api) with { Webhook = new() }, _file.Path, _time);
        await using var run = new Run(_file.Path, adapters, _time);
        run.Order(adapters.MessagesOf(SomeOrder.Suspend()));
        for (var i = 0; i < 2; i++)
        {
            await run.AdvanceToNextAttemptAsync("sus_1@http-vault");
        }

        var report = await run.Listener.NextAsync();
        Assert.Equal(("escalate", "contradicted", ReadBack.Contradicted), (report.What, report.Outcome.Reason, report.Outcome.ReadBack));
        Assert.Equal(3, report.Message.Attempts);

        vault.IsLying = false;
        await run.AdvanceToNextAttemptAsync("sus_1@http-vault");
        report = await run.Listener.NextAsync();
        Assert.Equal(("delivered", ReadBack.Verified), (report.What, report.Outcome.ReadBack));
        Assert.True(vault.IsSuspended);
    }

    [Fact]
    public async Task One_way_that_fails_holds_up_neither_another_way_nor_another_agent()
    {
        var vault = IdentitySystem.Named("vault-entity");
        using var api = new ScriptedApi(request => request.Path == "/hook" ? new(500) : vault.Answer(request));
        using var adapters = new SuspensionAdapters(Options(api), _file.Path, _time);
        await using var run = new Run(_file.Path, adapters, _time);
        run.Order(adapters.MessagesOf(SomeOrder.Suspend()));
        run.Order(adapters.MessagesOf(SomeOrder.Lift()));
        Assert.Equal("sus_1@http-vault", (await run.Listener.NextAsync()).Message.Id);
        Assert.Equal("sus_1_lift@http-vault", (await run.Listener.NextAsync()).Message.Id);
        Assert.False(vault.IsSuspended);
        Assert.Equal(OutboxState.Pending, run.Outbox.Find("sus_1")!.State);
        Assert.Equal(2, run.Outbox.OfOrder("sus_1").Count);
    }

    [Fact]
    public void A_file_of_before_there_were_adapters_is_taken_over()
    {
        using (var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE outbox (id TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL, created_at INTEGER NOT NULL,
                    attempts INTEGER NOT NULL DEFAULT 0, first_attempt_at INTEGER, next_attempt_at INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, escalation INTEGER NOT NULL DEFAULT 0,
                    report_at INTEGER, reported_at INTEGER, manual_retries INTEGER NOT NULL DEFAULT 0, last_kind INTEGER, last_status INTEGER, last_reason TEXT, last_ticks INTEGER) STRICT;
                INSERT INTO outbox (id, subject, kind, payload, created_at, next_attempt_at) VALUES ('sus_9', 'a', 'agent.suspension.requested', x'7b7d', 1, 1);
                """;
            command.ExecuteNonQuery();
        }

        using var outbox = Outbox.Open(_file.Path);
        Assert.Equal("webhook", Assert.Single(outbox.Due(SomeWebhook.Time, 10)).Adapter);
    }

    private SentinelOptions Options(ScriptedApi api) => new()
    {
        Webhook = SomeWebhook.Options(new Uri(api.Address, "hook")),
        Suspensions = new()
        {
            Http = new()
            {
                ["vault"] = new HttpAdapterOptions
                {
                    Template = "vault-entity", BaseUrl = api.Address.ToString(), TokenFile = _secret.Path, Agents = [new() { Agent = SomeOrder.Agent, Target = "e-1" }], AllowPrivateTargets = true,
                },
            },
        },
    };

    /// <summary>A dispatcher with these adapters.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly string _path;
        private readonly FakeTimeProvider _time;
        private readonly EventLog<OrderDispatcher> _log = new();
        private readonly OrderDispatcher _dispatcher;

        public Run(string path, SuspensionAdapters adapters, FakeTimeProvider time)
        {
            _path = path;
            _time = time;
            Outbox = Outbox.Open(path);
            _dispatcher = new OrderDispatcher(Outbox, adapters.All, Listener, new WebhookOptions(), time, _log);
            _ = _dispatcher.Start();
        }

        public Outbox Outbox { get; }

        public RecordingListener Listener { get; } = new();

        public void Order(IReadOnlyList<OutboxMessage> messages)
        {
            SomeWebhook.Commit(_path, [.. messages]);
            _dispatcher.Wake();
        }

        /// <summary>Waits for an attempt to have failed, and lets time pass until the next.</summary>
        public async Task AdvanceToNextAttemptAsync(string id)
        {
            await _log.WaitForAsync("AttemptFailed");
            _time.Advance(Outbox.Find(id)!.NextAttemptAt - _time.GetUtcNow());
        }

        public async ValueTask DisposeAsync()
        {
            await _dispatcher.DisposeAsync();
            Outbox.Dispose();
        }
    }
}
