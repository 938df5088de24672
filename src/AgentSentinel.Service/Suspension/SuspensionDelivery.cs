using System.Globalization;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// Carries out the orders of the journal's outbox and appends what became of them to the journal. Lives as long as this process owns the
/// journal's partition.
/// </summary>
internal sealed class SuspensionDelivery : IDeliveryListener, IAsyncDisposable
{
    private const int JournalPartition = 0;

    private readonly SentinelOptions _options;
    private readonly RecordProducer _producer;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox;
    private readonly SuspensionAdapters _adapters;
    private readonly OrderDispatcher _dispatcher;

    /// <summary>Takes over the adapters and disposes them.</summary>
    public SuspensionDelivery(string outboxPath, SuspensionAdapters adapters, SentinelOptions options, RecordProducer producer, TimeProvider time, ILoggerFactory logs)
    {
        _options = options;
        _producer = producer;
        _time = time;
        _adapters = adapters;
        _outbox = Outbox.Open(outboxPath);
        _dispatcher = new OrderDispatcher(_outbox, adapters.All, this, options.Webhook, time, logs.CreateLogger<OrderDispatcher>());
        Completion = _dispatcher.Start();
    }

    /// <summary>Faults when sending cannot go on.</summary>
    public Task Completion { get; }

    /// <summary>There may be something to send now.</summary>
    public void Wake() => _dispatcher.Wake();

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        _adapters.Dispose();
        _outbox.Dispose();
    }

    /// <summary>
    /// An order is delivered when all its messages are; the one that is through last tells it. It is verified when all that could be read back say so,
    /// and at least one could; the detail names each. To ask for all of them would leave an order that was contradicted once as contradicted for ever as
    /// soon as one way cannot be read: what cannot be verified does not take back what was.
    /// </summary>
    public Task OnDeliveredAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        var order = AdapterOrder.OrderIdOf(message);
        var all = _outbox.OfOrder(order);
        if (all.Any(m => m.State != OutboxState.Delivered))
        {
            return Task.CompletedTask;
        }

        var detail = all.Count == 1 ? DetailOf(message, outcome) : string.Join(' ', all.Select(m => $"{DetailOf(m, m.LastOutcome!)}:{m.LastOutcome!.ReadBack}"));
        return AppendAsync($"{order}/{DeliveryOutcome.Delivered}", all.Sum(m => m.ManualRetries), order, DeliveryOutcome.Delivered, all.Max(m => m.Attempts), detail, report => report with
        {
            Verification = all.Any(m => m.LastOutcome!.ReadBack == ReadBack.Verified) ? VerificationOutcome.Verified : VerificationOutcome.NotVerifiable,
            ResidualAccess = all.Max(m => m.LastOutcome!.ResidualAccess),
        }, cancellationToken);
    }

    /// <summary>A receiver that says yes and does not do it is no failing delivery: what it was told has arrived, and is not in effect.</summary>
    public Task OnEscalateAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) => outcome.ReadBack == ReadBack.Contradicted
        ? ReportAsync(message, outcome, DeliveryOutcome.Delivered, VerificationOutcome.Contradicted, cancellationToken)
        : ReportAsync(message, outcome, DeliveryOutcome.Failing, null, cancellationToken);

    public Task OnUndeliverableAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) =>
        ReportAsync(message, outcome, DeliveryOutcome.Undeliverable, null, cancellationToken);

    private Task ReportAsync(OutboxMessage message, AttemptOutcome outcome, DeliveryOutcome what, VerificationOutcome? verification, CancellationToken cancellationToken) => AppendAsync(
        verification is null ? $"{message.Id}/{what}" : $"{message.Id}/{verification}",
        message.ManualRetries,
        AdapterOrder.OrderIdOf(message),
        what,
        message.Attempts,
        DetailOf(message, outcome),
        report => report with { Verification = verification },
        cancellationToken);

    private static string DetailOf(OutboxMessage message, AttemptOutcome outcome) =>
        message.Adapter is WebhookAdapter.AdapterName or "" ? outcome.Reason : $"{message.Adapter}:{outcome.Reason}";

    private Task AppendAsync(
        string what, int retries, string orderId, DeliveryOutcome outcome, int attempts, string detail, Func<DeliveryReport, DeliveryReport> complete, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{what}/{retries}");
        var report = complete(new DeliveryReport(id, _time.GetUtcNow(), orderId, SuspensionWebhook.SuspensionIdOf(orderId), outcome, attempts, detail));
        return _producer.AppendAsync(_options.Kafka.JournalTopic, JournalPartition, default, JournalJson.Write(report), null, cancellationToken);
    }
}
