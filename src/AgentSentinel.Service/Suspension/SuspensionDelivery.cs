using System.Globalization;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// Sends the orders of the journal's outbox and appends what became of them to the journal. Lives as long as this process owns the
/// journal's partition.
/// </summary>
internal sealed class SuspensionDelivery : IDeliveryListener, IAsyncDisposable
{
    private const int JournalPartition = 0;
    private const string LiftSuffix = "_lift";

    private readonly SentinelOptions _options;
    private readonly RecordProducer _producer;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox;
    private readonly WebhookSender _sender;
    private readonly WebhookDispatcher _dispatcher;

    public SuspensionDelivery(string outboxPath, SentinelOptions options, RecordProducer producer, TimeProvider time, ILoggerFactory logs)
    {
        _options = options;
        _producer = producer;
        _time = time;
        _outbox = Outbox.Open(outboxPath);
        _sender = new WebhookSender(options.Webhook, time);
        _dispatcher = new WebhookDispatcher(_outbox, _sender, this, options.Webhook, time, logs.CreateLogger<WebhookDispatcher>());
        Completion = _dispatcher.Start();
    }

    /// <summary>Faults when sending cannot go on.</summary>
    public Task Completion { get; }

    /// <summary>There may be something to send now.</summary>
    public void Wake() => _dispatcher.Wake();

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        _sender.Dispose();
        _outbox.Dispose();
    }

    public Task OnDeliveredAsync(OutboxMessage message, WebhookOutcome outcome, CancellationToken cancellationToken) =>
        ReportAsync(message, outcome, DeliveryOutcome.Delivered, cancellationToken);

    public Task OnEscalateAsync(OutboxMessage message, WebhookOutcome outcome, CancellationToken cancellationToken) =>
        ReportAsync(message, outcome, DeliveryOutcome.Failing, cancellationToken);

    public Task OnUndeliverableAsync(OutboxMessage message, WebhookOutcome outcome, CancellationToken cancellationToken) =>
        ReportAsync(message, outcome, DeliveryOutcome.Undeliverable, cancellationToken);

    private Task ReportAsync(OutboxMessage message, WebhookOutcome outcome, DeliveryOutcome what, CancellationToken cancellationToken)
    {
        var suspension = message.Id.EndsWith(LiftSuffix, StringComparison.Ordinal) ? message.Id[..^LiftSuffix.Length] : message.Id;
        var id = string.Create(CultureInfo.InvariantCulture, $"{message.Id}/{what}/{message.ManualRetries}");
        var report = new DeliveryReport(id, _time.GetUtcNow(), message.Id, suspension, what, message.Attempts, outcome.Reason);
        return _producer.AppendAsync(_options.Kafka.JournalTopic, JournalPartition, default, JournalJson.Write(report), null, cancellationToken);
    }
}
