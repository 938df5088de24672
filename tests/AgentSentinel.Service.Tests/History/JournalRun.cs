using System.Runtime.InteropServices;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Tests.Suspension;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.History;

/// <summary>The journal's projection without Kafka: entries in, a history file out.</summary>
internal sealed class JournalRun : IAsyncDisposable
{
    private static readonly string[] Tables = ["entry", "anomaly", "alert", "alert_json", "incident", "suspension", "agent"];

    private readonly TemporaryFile _file = new();
    private readonly CountedMeters _meters = new();
    private readonly RecordBatchPool _pool = new(4, 1 << 20, () => { });
    private HistoryWorker _worker;

    internal JournalRun(HistoryOptions? history = null)
    {
        Options = new SentinelOptions
        {
            Response = SomeJournal.Policy,
            History = (history ?? new HistoryOptions()) with { File = _file.Path },
            Checkpoints = new CheckpointOptions { Folder = Path.GetDirectoryName(_file.Path)! },
        };
        _worker = Open();
    }

    internal SentinelOptions Options { get; }

    internal FakeTimeProvider Time { get; } = new(SomeJournal.Start);

    internal HistoryReader Reader => new(_file.Path);

    internal long NextOffset => _worker.NextOffset;

    /// <summary>Feeds entries as the records from a position on; none is a tick at the journal's end.</summary>
    internal async Task FeedAsync(long position, IReadOnlyList<JournalEntry> entries)
    {
        var batch = _pool.Rent(0, 1, position);
        batch.IsCaughtUp = entries.Count == 0;
        for (var i = 0; i < entries.Count; i++)
        {
            Add(batch, position + i, JournalJson.Write(entries[i]));
        }

        await _worker.ProcessAsync(batch, TestContext.Current.CancellationToken);
        batch.Return();
    }

    internal async Task RestartAsync()
    {
        await _worker.DisposeAsync();
        _worker = Open();
    }

    /// <summary>What the response line would note at its start.</summary>
    internal void NoteEra(long fromOffset, ResponseOptions options)
    {
        using var store = CheckpointStore.Open(Path.Combine(Options.Checkpoints.Folder, CheckpointStore.FileName(Options.Kafka.JournalTopic, 0)), survivesPowerLoss: false);
        ResponseEras.Note(store.Connection, fromOffset, new ResponseTerms(options, null, null));
    }

    internal void Rebuild() => HistoryFile.Rebuild(_file.Path);

    /// <summary>All that there is to read, without what only numbers rows.</summary>
    internal List<string> Dump()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file.Path, Pooling = false }.ConnectionString);
        connection.Open();
        var dump = new List<string>();
        foreach (var table in Tables)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} ORDER BY 1";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                dump.Add($"{table}: {string.Join(" | ", Enumerable.Range(0, rows.FieldCount).Select(i => rows.GetName(i) + "=" + rows.GetValue(i)))}");
            }
        }

        return dump;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _meters.Dispose();
        SqliteConnection.ClearAllPools();
        _file.Dispose();
    }

    internal HistoryWorker Open() => new(0, Options, DeclarationSet.Read(new DeclarationOptions()), Time, _meters.Meters, NullLogger.Instance);

    internal long? Peeked => CheckpointStore.Peek(_file.Path);

    internal static void Add(RecordBatch batch, long offset, byte[] value)
    {
        var handle = GCHandle.Alloc(value, GCHandleType.Pinned);
        batch.Add(offset, 0, 0, 0, handle.AddrOfPinnedObject(), value.Length);
        handle.Free();
    }
}
