using System.Text;
using AgentSentinel.Core;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.History;

/// <summary>
/// The journal, as people look at it: reads it a second time, in a consumer group of its own, and projects it into the history file. The response line
/// never waits for it and does not know it.
/// </summary>
/// <remarks>
/// Alerts, incidents and suspensions are not in the journal: they follow from it. So a second <see cref="ResponseEngine"/> takes the same entries under
/// the terms that the response line had for them (<see cref="ResponseEras"/>) and comes to the same ones, with the same ids. Rows, the engine's memory
/// and the offset are written in one transaction: every entry is projected once, whatever restarts lie in between, and the file can be made anew from the
/// journal at any time. Should it have run ahead of a change of terms, it notices and makes itself anew.
/// </remarks>
internal sealed partial class HistoryWorker : IPartitionWorker
{
    private readonly SentinelOptions _options;
    private readonly string _configured;
    private readonly string _path;
    private readonly string _responsePath;
    private readonly CheckpointStore _store;
    private readonly JournalTables _tables;
    private readonly UsedEras _eras;
    private readonly HistoryRetention _retention;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ILogger _log;
    private readonly ResponseOutput _output = new();
    private ResponseEngine _engine;
    private string _inForce;

    public HistoryWorker(int partition, SentinelOptions options, DeclarationSet declared, TimeProvider time, SentinelMeters meters, ILogger log)
    {
        _options = options;
        _configured = ResponseTerms.Of(options.Response, declared).ToText();
        _time = time;
        _meters = meters;
        _log = log;
        _path = options.History.PathOf(options.Checkpoints.Folder);
        _responsePath = Path.Combine(options.Checkpoints.Folder, CheckpointStore.FileName(options.Kafka.JournalTopic, partition));
        HistoryFile.Open(_path).Dispose();
        _store = CheckpointStore.Open(_path, survivesPowerLoss: false);
        try
        {
            _inForce = TermsAt(ResponseEras.Read(_responsePath), NextOffset);
            _engine = Create();
            _tables = new JournalTables(_store.Connection);
            _eras = new UsedEras(_store.Connection);
            _retention = new HistoryRetention(_store.Connection);
        }
        catch
        {
            _store.Dispose();
            throw;
        }
    }

    public long NextOffset => _store.NextOffset ?? 0;

    public Task<long?> ProcessAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        var told = ResponseEras.Read(_responsePath);
        if (!_eras.Agree(told, NextOffset))
        {
            HistoryFile.Rebuild(_path);
            throw new InvalidOperationException("History had run ahead of a change of the response's terms: it is made anew from the journal.");
        }

        var changes = new JournalChanges();
        for (var i = 0; i < batch.Count; i++)
        {
            var terms = TermsAt(told, batch.Offset(i));
            if (terms != _inForce)
            {
                // The engine's memory is in the file; another engine takes it up from there.
                Write(batch.Offset(i), changes);
                changes = new JournalChanges();
                _inForce = terms;
                _engine = Create();
            }

            // What cannot be read is the response line's to report.
            if (JournalJson.TryRead(batch.Value(i).Span, out var entry, out _))
            {
                changes.Process(_engine, batch.Offset(i), entry!, Encoding.UTF8.GetString(batch.Value(i).Span), _output);
            }
        }

        if (batch.IsCaughtUp)
        {
            changes.Advance(_engine, _time.GetUtcNow() - ResponseWorker.LongestAppend, _output);
        }

        if (batch.Count == 0 && changes.IsEmpty)
        {
            return Task.FromResult<long?>(null);
        }

        Write(batch.NextOffset, changes);
        return Task.FromResult<long?>(batch.NextOffset);
    }

    // Every batch that changed anything was saved when it was processed.
    public long? Checkpoint() => null;

    public ValueTask DisposeAsync()
    {
        _tables.Dispose();
        _eras.Dispose();
        _retention.Dispose();
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(long next, JournalChanges changes)
    {
        var (now, began) = (_time.GetUtcNow(), _time.GetTimestamp());
        _store.Write(next, _engine.Save, transaction =>
        {
            _eras.Use(transaction, changes.Entries.Count > 0 ? changes.Entries[0].Position : next, _inForce);
            _tables.Write(transaction, changes);
            _retention.Apply(transaction, now - _options.History.KeepJournal, now);
        });
        _meters.CheckpointWritten(_time.GetElapsedTime(began), "history");
        foreach (var (_, entry, _, _, _) in changes.Entries)
        {
            _meters.HistoryEntry(entry.GetType().Name);
        }
    }

    private string TermsAt(IReadOnlyList<(long FromOffset, string Terms)> told, long offset) => UsedEras.At(told, offset) ?? _configured;

    private ResponseEngine Create()
    {
        try
        {
            return ResponseTerms.FromText(_inForce).CreateEngine(_store);
        }
        catch (MemoryFormatException error)
        {
            // Memory of another version: nothing here is the only copy. The pipeline opens it again and begins at the beginning.
            Rebuilding(_log, error);
            HistoryFile.Rebuild(_path);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The memory of the history's projection is of another version: history is made anew from the journal.")]
    private static partial void Rebuilding(ILogger log, Exception error);
}
