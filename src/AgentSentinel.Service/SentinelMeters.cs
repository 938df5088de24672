using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AgentSentinel.Service;

/// <summary>All meters of the product. Tags have few values each; never an agent id or anything else out of telemetry.</summary>
public sealed class SentinelMeters : IDisposable
{
    /// <summary>Name of the meter, for exporters.</summary>
    public const string MeterName = "AgentSentinel";

    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _anomalies;
    private readonly Counter<long> _detectorFailures;
    private readonly Counter<long> _spent;
    private readonly Counter<double> _allowed;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _orders;
    private readonly Counter<long> _sinkFailures;
    private readonly Counter<long> _sinkDeliveries;
    private readonly Counter<long> _restarts;
    private readonly Histogram<double> _checkpoints;
    private readonly Counter<long> _historyPoints;
    private readonly Counter<long> _historyRetries;
    private readonly Counter<long> _historyEntries;
    private readonly Counter<long> _decisions;
    private readonly ConcurrentDictionary<string, Func<int>> _historyQueues = new();

    /// <summary>Creates the meters.</summary>
    public SentinelMeters(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _calls = _meter.CreateCounter<long>("sentinel.calls.processed", "{call}", "Tool calls by what became of them.");
        _refused = _meter.CreateCounter<long>("sentinel.records.refused", "{record}", "Records sent to the dead letters, by reason.");
        _anomalies = _meter.CreateCounter<long>("sentinel.anomalies.found", "{anomaly}", "Anomalies by detector.");
        _detectorFailures = _meter.CreateCounter<long>("sentinel.detector.failures", "{failure}", "Detectors that threw and were muted for an agent, by detector.");
        _spent = _meter.CreateCounter<long>("sentinel.budget.spent", "{episode}", "What detectors spent of the false-alert budget, by detector and declared peer group: the first evidence of each in an incident.");
        _allowed = _meter.CreateCounter<double>("sentinel.budget.allowed", "{episode}", "What detectors may spend for the agents that were active, by detector.");
        _alerts = _meter.CreateCounter<long>("sentinel.alerts.raised", "{alert}", "Alerts by kind and severity.");
        _orders = _meter.CreateCounter<long>("sentinel.suspensions.ordered", "{order}", "Orders to suspend and to lift.");
        _sinkFailures = _meter.CreateCounter<long>("sentinel.sink.failures", "{alert}", "Alerts that a sink could not take, by sink and cause.");
        _sinkDeliveries = _meter.CreateCounter<long>("sentinel.sink.deliveries", "{message}", "Alerts, or messages that stand for several, that a sink took.");
        _restarts = _meter.CreateCounter<long>("sentinel.pipeline.restarts", "{restart}", "Restarts of partition pipelines, by topic.");
        _checkpoints = _meter.CreateHistogram<double>("sentinel.checkpoint.duration", "s", "Time to write a checkpoint.");
        _historyPoints = _meter.CreateCounter<long>("sentinel.history.points", "{point}", "Points of time series by writer and what became of them: written, rejected, dropped, failed.");
        _historyRetries = _meter.CreateCounter<long>("sentinel.history.retries", "{attempt}", "Attempts to write points that will be repeated, by writer.");
        _historyEntries = _meter.CreateCounter<long>("sentinel.history.entries", "{entry}", "Journal entries that were put into the history file, by kind.");
        _decisions = _meter.CreateCounter<long>("sentinel.decisions.answered", "{answer}", "Answers to gateways: allow, deny; and whether the table of suspensions was current.");
        _meter.CreateObservableGauge(
            "sentinel.history.queue",
            () => _historyQueues.Select(q => new Measurement<long>(q.Value(), new KeyValuePair<string, object?>("writer", q.Key))),
            "{point}",
            "Points that wait for a writer.");
    }

    internal void CallsProcessed(string verdict, long count) => Add(_calls, count, "verdict", verdict);

    internal void RecordRefused(string reason) => Add(_refused, 1, "reason", reason);

    internal void AnomalyFound(string detector) => Add(_anomalies, 1, "detector", detector);

    internal void DetectorFailed(string detector) => Add(_detectorFailures, 1, "detector", detector);

    internal void BudgetSpent(string detector, string peerGroup) => _spent.Add(1, new("detector", detector), new("peer_group", peerGroup));

    internal void BudgetAllowed(string detector, double episodes) => _allowed.Add(episodes, new KeyValuePair<string, object?>("detector", detector));

    internal void AlertRaised(string kind, string severity) => _alerts.Add(1, new("kind", kind), new("severity", severity));

    internal void OrderIssued(string action) => Add(_orders, 1, "action", action);

    internal void SinkFailed(string sink, string cause) => _sinkFailures.Add(1, new("sink", sink), new("cause", cause));

    internal void SinkDelivered(string sink) => Add(_sinkDeliveries, 1, "sink", sink);

    internal void PipelineRestarted(string topic) => Add(_restarts, 1, "topic", topic);

    internal void CheckpointWritten(TimeSpan took, string line) => _checkpoints.Record(took.TotalSeconds, new KeyValuePair<string, object?>("line", line));

    internal void HistoryPoints(string writer, string outcome, int count)
    {
        if (count > 0)
        {
            _historyPoints.Add(count, new("writer", writer), new("outcome", outcome));
        }
    }

    internal void HistoryRetried(string writer) => Add(_historyRetries, 1, "writer", writer);

    internal void HistoryEntry(string kind) => Add(_historyEntries, 1, "kind", kind);

    internal void DecisionAnswered(bool isAllowed, bool isCurrent) =>
        _decisions.Add(1, new("decision", isAllowed ? "allow" : "deny"), new("is_current", isCurrent ? "true" : "false"));

    internal void ObserveHistoryQueue(string writer, Func<int> waiting) => _historyQueues[writer] = waiting;

    /// <summary>Tells where each partition stands whenever somebody asks.</summary>
    internal void ObserveLag(Func<IEnumerable<Measurement<long>>> measure) =>
        _meter.CreateObservableGauge("sentinel.partition.lag", measure, "{record}", "Records not yet read, by line, topic and partition.");

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private static void Add(Counter<long> counter, long count, string tag, string value)
    {
        if (count > 0)
        {
            counter.Add(count, new KeyValuePair<string, object?>(tag, value));
        }
    }
}
