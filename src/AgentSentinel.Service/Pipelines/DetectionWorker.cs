using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Provenance;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Pipelines;

/// <summary>Steps 3 to 9 of the line, for one partition of tool calls: decode, detect, append what was found to the journal, checkpoint.</summary>
internal sealed partial class DetectionWorker : IPartitionWorker
{
    private const int JournalPartition = 0;

    private static readonly string[] VerdictNames = [.. Enum.GetNames<CallVerdict>().Select(n => n.ToLowerInvariant())];

    private readonly int _partition;
    private readonly SentinelOptions _options;
    private readonly CheckpointStore _store;
    private readonly DetectionEngine _engine;
    private readonly ToolCallDecoder _decoder;
    private readonly ProducerBinding _binding;
    private readonly RecordProducer _producer;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ILogger _log;
    private readonly ToolCall _call = new();
    private readonly DetectionOutput _output;
    private readonly WindowHistory _history;
    private readonly CurrentRegistry _registry;
    private readonly CurrentDismissals _dismissals;
    private readonly NameAdmission _names = new();
    private readonly List<Task> _appends = [];
    private readonly long[] _verdicts = new long[Enum.GetValues<CallVerdict>().Length];
    private long _nextOffset;
    private long _savedAt;
    private DateTimeOffset _newestEventTime;
    private long _newestSince;

    public DetectionWorker(
        int partition,
        SentinelOptions options,
        DeclarationSet declared,
        CurrentRegistry registry,
        CurrentDismissals dismissals,
        RecordProducer producer,
        WindowHistory history,
        TimeProvider time,
        SentinelMeters meters,
        ILogger log)
    {
        _history = history;
        _registry = registry;
        _dismissals = dismissals;
        _output = new DetectionOutput { Windows = history.IsWanted ? [] : null };
        _partition = partition;
        _options = options;
        _producer = producer;
        _time = time;
        _meters = meters;
        _log = log;
        _decoder = new ToolCallDecoder(options.Decoder);
        _binding = new ProducerBinding(options.Provenance);
        var file = CheckpointStore.FileName(options.Kafka.ToolCallTopic, partition);
        _store = CheckpointStore.Open(Path.Combine(options.Checkpoints.Folder, file), survivesPowerLoss: false);
        try
        {
            var detectors = LineDetectors.Create(options, declared);
            _engine = new DetectionEngine(options.Detection, detectors, _store, declared.Registry, declared.Calendar);
        }
        catch
        {
            _store.Dispose();
            throw;
        }

        // Memory and offset are one: without memory a partition is read from its beginning.
        _nextOffset = _store.NextOffset ?? 0;
        _savedAt = _newestSince = time.GetTimestamp();
        _newestEventTime = _engine.NewestTime;
    }

    public long NextOffset => _nextOffset;

    public async Task<long?> ProcessAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        var amended = TakeOver();
        var now = _time.GetUtcNow();
        for (var i = 0; i < batch.Count; i++)
        {
            Take(batch, i, now, cancellationToken);
        }

        if (batch.Count == 0)
        {
            LetTimeGoOn(now, cancellationToken);
        }
        else
        {
            _nextOffset = batch.NextOffset;
        }

        CountVerdicts();
        if (_appends.Count > 0)
        {
            // Required: what was found must be in the journal before the checkpoint says that these calls are done.
            await Task.WhenAll(_appends);
            _appends.Clear();
        }

        return IsCheckpointDue ? Checkpoint() : amended;
    }

    public long? Checkpoint()
    {
        var began = _time.GetTimestamp();
        _store.Write(_nextOffset, _engine.Save);
        _savedAt = _time.GetTimestamp();
        _meters.CheckpointWritten(_time.GetElapsedTime(began, _savedAt), "detection");
        return _nextOffset;
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool IsCheckpointDue =>
        _engine.ChangedProfiles >= _options.Checkpoints.MaxChangedProfiles
        || (_time.GetElapsedTime(_savedAt) >= _options.Checkpoints.Interval && (_engine.ChangedProfiles > 0 || _store.NextOffset != _nextOffset));

    /// <summary>
    /// What people have changed of the registry, or found harmless, holds from this batch on, and is saved before it: whoever takes these calls again does so
    /// with the same knowledge.
    /// </summary>
    /// <returns>The offset of the checkpoint, or null when nothing changed.</returns>
    private long? TakeOver()
    {
        var isAmended = _registry.Amendments is { } amendments && _engine.Amend(amendments);
        var isAccepted = _dismissals.Latest is { } dismissals && _engine.Accept(dismissals, _output);
        return isAmended || isAccepted ? Checkpoint() : null;
    }

    private void Take(RecordBatch batch, int i, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A replay must get the same answer, so the record's own timestamp counts, unless its producer's clock runs ahead of ours.
        var receivedAt = batch.Timestamp(i) < now ? batch.Timestamp(i) : now;
        if (!_decoder.TryDecode(batch.Value(i), receivedAt, _call, out var error))
        {
            Refuse(batch, i, error.ReasonName, error.Field, cancellationToken);
            return;
        }

        if (_binding.IsOn && _binding.Objection(batch, i, _call.AgentId) is { } objection)
        {
            Refuse(batch, i, objection, null, cancellationToken);
            return;
        }

        _verdicts[(int)_engine.Process(_call, receivedAt, _output)]++;
        OfferWindows();
        if (_output.HasNews)
        {
            Append(now, batch.Offset(i), cancellationToken);
        }
    }

    private void Refuse(RecordBatch batch, int i, string reason, string? field, CancellationToken cancellationToken)
    {
        _meters.RecordRefused(reason);
        _appends.Add(DeadLetter.AppendAsync(_producer, _options.Kafka, _options.Kafka.ToolCallTopic, batch, i, reason, field, cancellationToken));
    }

    /// <summary>
    /// Nothing new to read: event time goes on as fast as the clock. It goes on from the newest call rather than jumping to the clock's
    /// time, so that a stream of old events (a backfill, a simulation) does not become late whenever its producer pauses.
    /// </summary>
    private void LetTimeGoOn(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_engine.NewestTime != _newestEventTime)
        {
            _newestEventTime = _engine.NewestTime;
            _newestSince = _time.GetTimestamp();
        }

        if (_newestEventTime > DateTimeOffset.MinValue)
        {
            _engine.Advance(_newestEventTime + _time.GetElapsedTime(_newestSince), _output);
            _newestSince = _time.GetTimestamp();
            _newestEventTime = _engine.NewestTime;
        }

        OfferWindows();
        if (_output.HasNews)
        {
            Append(now, null, cancellationToken);
        }
    }

    /// <summary>Best effort: offered before the checkpoint, so that a replay offers again what a crash may have lost.</summary>
    private void OfferWindows()
    {
        if (_output.Windows is { Count: > 0 } windows)
        {
            _names.Admit(windows);
            _history.Offer(CollectionsMarshal.AsSpan(windows));
            windows.Clear();
        }
    }

    private void Append(DateTimeOffset now, long? offset, CancellationToken cancellationToken)
    {
        foreach (var anomaly in _output.Anomalies)
        {
            var source = offset is null ? null : string.Create(CultureInfo.InvariantCulture, $"{_options.Kafka.ToolCallTopic}/{_partition}/{offset}");
            Append(new AnomalyFound(anomaly, now, source), anomaly.AgentId, cancellationToken);
            _meters.AnomalyFound(anomaly.Evidence.Detector);
        }

        foreach (var sighting in _output.Sightings)
        {
            Append(new AgentSeen(sighting.AgentId, sighting.Time, now), sighting.AgentId, cancellationToken);
        }

        foreach (var sighting in _output.Credentials)
        {
            Append(new CredentialSeen(sighting, now), sighting.AgentId, cancellationToken);
        }

        if (_output.Census is { } census)
        {
            Append(new FleetReport(_partition, census, now), "", cancellationToken);
        }

        foreach (var failure in _output.Failures)
        {
            _meters.DetectorFailed(failure.Detector);
            DetectorMuted(_log, failure.Detector, _partition, failure.Error);
        }

        _output.Clear();
    }

    private void Append(JournalEntry entry, string key, CancellationToken cancellationToken) => _appends.Add(_producer.AppendAsync(
        _options.Kafka.JournalTopic, JournalPartition, Encoding.UTF8.GetBytes(key), JournalJson.Write(entry), null, cancellationToken));

    private void CountVerdicts()
    {
        for (var i = 0; i < _verdicts.Length; i++)
        {
            _meters.CallsProcessed(VerdictNames[i], _verdicts[i]);
            _verdicts[i] = 0;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Detector {Detector} threw on partition {Partition} and is muted for that agent.")]
    private static partial void DetectorMuted(ILogger log, string detector, int partition, Exception error);
}
