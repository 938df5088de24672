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

    /// <summary>An order is delivered when all its messages are; the one that is through last tells it.</summary>
    public Task OnDeliveredAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        var order = AdapterOrder.OrderIdOf(message);
        var all = _outbox.OfOrder(order);
        if (all.Any(m => m.State != OutboxState.Delivered))
        {
            return Task.CompletedTask;
        }

        var outcomes = all.Select(m => m.LastOutcome!).ToArray();
        var isVerified = outcomes.All(o => o.ReadBack == ReadBack.Verified);
        var reason = all.Count == 1 ? outcome.Reason : string.Join(' ', all.Select(m => $"{m.Adapter}:{m.LastOutcome!.Reason}"));
        return AppendAsync(
            order,
            order,
            DeliveryOutcome.Delivered,
            isVerified ? VerificationOutcome.Verified : VerificationOutcome.NotVerifiable,
            outcomes.Max(o => o.ResidualAccess),
            all.Sum(m => m.ManualRetries),
            all.Max(m => m.Attempts),
            reason,
            cancellationToken);
    }

    public Task OnEscalateAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) =>
        ReportAsync(message, outcome, DeliveryOutcome.Failing, cancellationToken);

    public Task OnUndeliverableAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken) =>
        ReportAsync(message, outcome, DeliveryOutcome.Undeliverable, cancellationToken);

    private Task ReportAsync(OutboxMessage message, AttemptOutcome outcome, DeliveryOutcome what, CancellationToken cancellationToken) => AppendAsync(
        message.Id,
        AdapterOrder.OrderIdOf(message),
        what,
        outcome.ReadBack == ReadBack.Contradicted ? VerificationOutcome.Contradicted : null,
        null,
        message.ManualRetries,
        message.Attempts,
        message.Adapter is WebhookAdapter.AdapterName or "" ? outcome.Reason : $"{message.Adapter}:{outcome.Reason}",
        cancellationToken);

    private Task AppendAsync(
        string reportedId,
        string orderId,
        DeliveryOutcome what,
        VerificationOutcome? verification,
        TimeSpan? residualAccess,
        int retries,
        int attempts,
        string detail,
        CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{reportedId}/{what}/{retries}");
        var report = new DeliveryReport(id, _time.GetUtcNow(), orderId, SuspensionWebhook.SuspensionIdOf(orderId), what, attempts, detail)
        {
            Verification = verification,
            ResidualAccess = residualAccess,
        };
        return _producer.AppendAsync(_options.Kafka.JournalTopic, JournalPartition, default, JournalJson.Write(report), null, cancellationToken);
    }
}
