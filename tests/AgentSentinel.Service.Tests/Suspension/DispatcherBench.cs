using AgentSentinel.Service.Suspension;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>A dispatcher on a file of its own and a clock that only the test moves. Can be restarted on the same file.</summary>
internal sealed class DispatcherBench : IAsyncDisposable
{
    private readonly TemporaryFile _file = new();
    private readonly WebhookOptions _options;
    private readonly WebhookAdapter _adapter;

    public DispatcherBench(Uri target, Func<WebhookOptions, WebhookOptions>? change = null)
    {
        _options = (change ?? (o => o))(SomeWebhook.Options(target));
        _adapter = new WebhookAdapter(_options, Time);
        Outbox = Outbox.Open(_file.Path);
        Dispatcher = Create();
    }

    public FakeTimeProvider Time { get; } = new(SomeWebhook.Time);

    public EventLog<OrderDispatcher> Log { get; } = new();

    public RecordingListener Listener { get; } = new();

    public Outbox Outbox { get; private set; }

    public OrderDispatcher Dispatcher { get; private set; }

    public string Path => _file.Path;

    public void Order(params string[] ids)
    {
        SomeWebhook.Commit(_file.Path, [.. ids.Select(id => SomeWebhook.Message(id, Time.GetUtcNow()))]);
        Dispatcher.Wake();
    }

    public OutboxMessage Find(string id) => Outbox.Find(id)!;

    public void AdvanceToNextAttempt(string id) => Time.Advance(Find(id).NextAttemptAt - Time.GetUtcNow());

    public void AdvancePastTimeout() => Time.Advance(_options.Timeout);

    /// <summary>Only one may run on a file, so the old one is disposed first.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        Outbox = Outbox.Open(_file.Path);
        Dispatcher = Create();
    }

    public async Task StopAsync()
    {
        await Dispatcher.DisposeAsync();
        Outbox.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _adapter.Dispose();
        _file.Dispose();
    }

    private OrderDispatcher Create()
    {
        var dispatcher = new OrderDispatcher(Outbox, [_adapter], Listener, _options, Time, Log);
        _ = dispatcher.Start();
        return dispatcher;
    }
}
