using System.Text;
using AgentSentinel.Core;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
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
/// the same options and comes to the same ones, with the same ids. Rows, the engine's memory and the offset are written in one transaction: every entry
/// is projected once, whatever restarts lie in between, and the file can be made anew from the journal at any time. That holds as long as the options
/// of the response stay the same: what an earlier mode decided, a journal that is read anew tells as today's mode would.
/// </remarks>
internal sealed partial class HistoryWorker : IPartitionWorker
{
    private readonly HistoryOptions _options;
    private readonly CheckpointStore _store;
    private readonly ResponseEngine _engine;
    private readonly JournalTables _tables;
    private readonly HistoryRetention _retention;
    private readonly TimeProvider _time;
    private readonly SentinelMeters _meters;
    private readonly ResponseOutput _output = new();

    public HistoryWorker(SentinelOptions options, TimeProvider time, SentinelMeters meters, ILogger log)
    {
        _options = options.History;
        _time = time;
        _meters = meters;
        var path = options.History.PathOf(options.Checkpoints.Folder);
        HistoryFile.Open(path).Dispose();
        _store = CheckpointStore.Open(path, survivesPowerLoss: false);
        try
        {
            _engine = Create(options, path, log);
            _tables = new JournalTables(_store.Connection);
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
        var changes = new JournalChanges();
        for (var i = 0; i < batch.Count; i++)
        {
            // What cannot be read is the response line's to report.
            if (JournalJson.TryRead(batch.Value(i).Span, out var entry, out _))
            {
                changes.Process(_engine, batch.Offset(i), entry!, Encoding.UTF8.GetString(batch.Value(i).Span), _output);
            }
        }

        var now = _time.GetUtcNow();
        changes.Advance(_engine, now - ResponseWorker.LongestAppend, _output);
        if (batch.Count == 0 && changes.IsEmpty)
        {
            return Task.FromResult<long?>(null);
        }

        var next = batch.NextOffset;
        var began = _time.GetTimestamp();
        _store.Write(next, _engine.Save, transaction =>
        {
            _tables.Write(transaction, changes);
            _retention.Apply(transaction, now - _options.KeepJournal, now);
        });
        _meters.CheckpointWritten(_time.GetElapsedTime(began), "history");
        foreach (var (_, entry, _, _) in changes.Entries)
        {
            _meters.HistoryEntry(entry.GetType().Name);
        }

        return Task.FromResult<long?>(next);
    }

    // Every batch that changed anything was saved when it was processed.
    public long? Checkpoint() => null;

    public ValueTask DisposeAsync()
    {
        _tables.Dispose();
        _retention.Dispose();
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    private ResponseEngine Create(SentinelOptions options, string path, ILogger log)
    {
        try
        {
            return new ResponseEngine(options.Response, _store);
        }
        catch (MemoryFormatException error)
        {
            // Memory of another version: nothing here is the only copy. The pipeline opens it again and begins at the beginning.
            Rebuilding(log, error);
            HistoryFile.Rebuild(path);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The memory of the history's projection is of another version: history is made anew from the journal.")]
    private static partial void Rebuilding(ILogger log, Exception error);
}
