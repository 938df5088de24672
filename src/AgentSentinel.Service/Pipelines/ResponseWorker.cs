using AgentSentinel.Core;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Audit;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Pipelines;

/// <summary>
/// Steps 10 to 13 of the line, for the journal: read, respond, save orders to the outbox together with the memory that issued them,
/// hand alerts to the sinks. While it lives, the orders of the outbox are carried out.
/// </summary>
internal sealed class ResponseWorker : IPartitionWorker
{
    // An entry may reach the journal so long after it was stamped. Time must not run ahead of it: the replay of a crash would otherwise see
    // it before an incident closed that the first run had closed already, and give it another id. For the same reason the clock counts only where
    // the journal was read to its end: what waits there was stamped in its own time.
    internal static readonly TimeSpan LongestAppend = TimeSpan.FromSeconds(30);

    private readonly SentinelOptions _options;
    private readonly CheckpointStore _store;
    private readonly ResponseEngine _engine;
    private readonly BudgetSpending _budget;
    private readonly RecordProducer _producer;
    private readonly AlertSinks _sinks;
    private readonly DecisionTable _decisions;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ResponseOutput _output = new();
    private readonly AuditTrail? _audit;
    private readonly SuspensionAdapters? _adapters;
    private readonly SuspensionDelivery? _delivery;

    public ResponseWorker(
        int partition,
        SentinelOptions options,
        DeclarationSet declared,
        RecordProducer producer,
        AlertSinks sinks,
        DecisionTable decisions,
        TimeProvider time,
        SentinelMeters meters,
        ILoggerFactory logs)
    {
        _options = options;
        _decisions = decisions;
        _producer = producer;
        _sinks = sinks;
        _time = time;
        _meters = meters;
        var path = Path.Combine(options.Checkpoints.Folder, CheckpointStore.FileName(options.Kafka.JournalTopic, partition));
        _store = CheckpointStore.Open(path, survivesPowerLoss: true);
        try
        {
            _engine = new ResponseEngine(options.Response, _store, declared.Registry, declared.Policy);
            _budget = new BudgetSpending(_engine, options, declared, meters);
            Outbox.CreateTable(_store.Connection);
            ResponseEras.Note(_store.Connection, NextOffset, ResponseTerms.Of(options.Response, declared));
            _audit = options.Audit.Enabled
                ? new AuditTrail(_store.Connection, options.Checkpoints.Folder, options.Audit, options.Detection.CreateFingerprintKey(), time)
                : null;
            _adapters = options.CanSuspend ? new SuspensionAdapters(options, path, time) : null;
            _delivery = _adapters is null ? null : new SuspensionDelivery(path, _adapters, options, producer, time, logs);
        }
        catch
        {
            _audit?.Dispose();
            _adapters?.Dispose();
            _store.Dispose();
            throw;
        }
    }

    public long NextOffset => _store.NextOffset ?? 0;

    public async Task<long?> ProcessAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        if (_delivery is { Completion.IsCompleted: true } ended)
        {
            // It ends by a bug only. Whoever opens the journal anew takes up the outbox again.
            await ended.Completion;
        }

        var refused = new List<Task>();
        for (var i = 0; i < batch.Count; i++)
        {
            if (JournalJson.TryRead(batch.Value(i).Span, out var entry, out var error))
            {
                _budget.Process(entry!, _output);
                _audit?.Note(entry!, batch.Offset(i), _output);
            }
            else
            {
                _meters.RecordRefused(error!);
                refused.Add(DeadLetter.AppendAsync(
                    _producer, _options.Kafka, _options.Kafka.JournalTopic, batch, i, error!, null, cancellationToken));
            }
        }

        if (batch.IsCaughtUp)
        {
            _engine.Advance(_time.GetUtcNow() - LongestAppend, _output);
        }

        _audit?.NoteOutput(_output);
        await Task.WhenAll(refused);
        if (batch.Count == 0 && _output.Alerts.Count + _output.Orders.Count == 0)
        {
            await PublishAsync(_audit?.Export(), cancellationToken);
            return null;
        }

        var next = batch.NextOffset;
        if (_output.Orders.Count > 0)
        {
            // Gateways are told no before anybody is told to carry it out.
            _decisions.Offer(_engine, next);
        }

        var began = _time.GetTimestamp();
        _store.Write(next, _engine.Save, SaveEffects);
        _meters.CheckpointWritten(_time.GetElapsedTime(began), "response");
        _delivery?.Wake();
        foreach (var order in _output.Orders)
        {
            _meters.OrderIssued(order.Action == SuspensionAction.Suspend ? "suspend" : "lift");
        }

        foreach (var alert in _output.Alerts)
        {
            _meters.AlertRaised(alert.Kind.ToString(), alert.Severity.ToString());
            _sinks.Offer(alert);
        }

        await PublishAsync(_audit?.Export(), cancellationToken);
        _output.Clear();
        return next;
    }

    // Every batch that changed anything was saved when it was processed.
    public long? Checkpoint() => null;

    public async ValueTask DisposeAsync()
    {
        if (_delivery is not null)
        {
            await _delivery.DisposeAsync();
        }

        _audit?.Anchor();
        _audit?.Dispose();
        _store.Dispose();
    }

    private Task PublishAsync(AuditAnchor? anchor, CancellationToken cancellationToken) =>
        anchor is not null && _options.Audit.AnchorTopic is { Length: > 0 } topic
            ? _producer.AppendAsync(topic, null, default, anchor.ToLine(), null, cancellationToken)
            : Task.CompletedTask;

    private void SaveEffects(SqliteTransaction transaction)
    {
        _audit?.Save(transaction);
        foreach (var order in _output.Orders)
        {
            // Without any way to suspend the order waits for a webhook to be configured.
            foreach (var message in _adapters?.MessagesOf(order) ?? [SuspensionWebhook.Of(order)])
            {
                Outbox.Add(transaction, message);
            }
        }
    }
}
