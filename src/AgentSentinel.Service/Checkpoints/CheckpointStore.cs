using AgentSentinel.Core.State;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Checkpoints;

/// <summary>
/// The saved memory of one partition's pipeline and the offset of the record that comes next, in one SQLite file.
/// Both change in one transaction: the offset is never ahead of the memory, nor behind it.
/// </summary>
/// <remarks>
/// Opening takes ownership: it raises the file's epoch, and a former owner that still lives (a paused process, a slow rebalance)
/// fails with <see cref="OwnershipLostException"/> at its next write. One owner, one thread at a time.
/// </remarks>
internal sealed class CheckpointStore : IStateReader, IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, next_offset INTEGER);
        CREATE TABLE IF NOT EXISTS piece (kind INTEGER NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, id));
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly long _epoch;

    private CheckpointStore(SqliteConnection connection, long epoch, long? nextOffset)
    {
        _connection = connection;
        _epoch = epoch;
        NextOffset = nextOffset;
        _read = connection.CreateCommand();
        _read.CommandText = "SELECT value FROM piece WHERE kind = $kind AND id = $id";
        _read.Parameters.Add("$kind", SqliteType.Integer);
        _read.Parameters.Add("$id", SqliteType.Text);
    }

    /// <summary>Offset of the record that comes next; null when nothing was saved yet.</summary>
    public long? NextOffset { get; private set; }

    /// <summary>The connection, for what must become durable in the same transaction.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>Name of the file of a partition within the checkpoint folder.</summary>
    public static string FileName(string topic, int partition) => $"{topic}-{partition}.sqlite";

    /// <summary>Opens the file, creating it when it is not there, and takes ownership.</summary>
    /// <param name="path">The file.</param>
    /// <param name="survivesPowerLoss">True to wait for the disk at each write. Without it a loss of power (not of the process) may cost the last checkpoints, which are then replayed.</param>
    public static CheckpointStore Open(string path, bool survivesPowerLoss)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(survivesPowerLoss ? "FULL" : "NORMAL")}; PRAGMA cache_size = -16000; PRAGMA busy_timeout = 10000;");
            Execute(connection, Schema);
            var (epoch, nextOffset) = TakeOwnership(connection);
            return new CheckpointStore(connection, epoch, nextOffset);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public bool TryRead(StateKey key, out ReadOnlyMemory<byte> value)
    {
        _read.Parameters[0].Value = (int)key.Kind;
        _read.Parameters[1].Value = key.Id;
        var bytes = (byte[]?)_read.ExecuteScalar();
        value = bytes;
        return bytes is not null;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Ids(StateKind kind)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id FROM piece WHERE kind = $kind";
        command.Parameters.AddWithValue("$kind", (int)kind);
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read())
        {
            ids.Add(rows.GetString(0));
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>Saves memory, offset and whatever belongs to them in one transaction.</summary>
    /// <param name="nextOffset">Offset of the record that comes next.</param>
    /// <param name="save">Writes the changed pieces.</param>
    /// <param name="also">What else must become durable with them, or null.</param>
    /// <exception cref="OwnershipLostException">Another instance owns the partition now; nothing was written.</exception>
    public void Write(long nextOffset, Action<IStateWriter> save, Action<SqliteTransaction>? also = null)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        using (var position = _connection.CreateCommand())
        {
            position.Transaction = transaction;
            position.CommandText = "UPDATE position SET next_offset = $next WHERE one = 1 AND epoch = $epoch";
            position.Parameters.AddWithValue("$next", nextOffset);
            position.Parameters.AddWithValue("$epoch", _epoch);
            if (position.ExecuteNonQuery() != 1)
            {
                throw new OwnershipLostException($"Another instance has taken over {Path.GetFileName(_connection.DataSource)}.");
            }
        }

        using (var writer = new TransactionWriter(_connection, transaction))
        {
            save(writer);
        }

        also?.Invoke(transaction);
        transaction.Commit();
        NextOffset = nextOffset;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _read.Dispose();
        _connection.Dispose();
    }

    private static (long Epoch, long? NextOffset) TakeOwnership(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var take = connection.CreateCommand();
        take.Transaction = transaction;
        take.CommandText = """
            INSERT INTO position (one, epoch) VALUES (1, 1)
            ON CONFLICT (one) DO UPDATE SET epoch = epoch + 1
            RETURNING epoch, next_offset
            """;
        using var row = take.ExecuteReader();
        row.Read();
        var taken = (row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1));
        row.Close();
        transaction.Commit();
        return taken;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class TransactionWriter : IStateWriter, IDisposable
    {
        private readonly SqliteCommand _write;
        private readonly SqliteCommand _remove;

        public TransactionWriter(SqliteConnection connection, SqliteTransaction transaction)
        {
            _write = Prepare("INSERT INTO piece (kind, id, value) VALUES ($kind, $id, $value) ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value");
            _write.Parameters.Add("$value", SqliteType.Blob);
            _remove = Prepare("DELETE FROM piece WHERE kind = $kind AND id = $id");

            SqliteCommand Prepare(string sql)
            {
                var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = sql;
                command.Parameters.Add("$kind", SqliteType.Integer);
                command.Parameters.Add("$id", SqliteType.Text);
                return command;
            }
        }

        public void Write(StateKey key, ReadOnlySpan<byte> value)
        {
            _write.Parameters[0].Value = (int)key.Kind;
            _write.Parameters[1].Value = key.Id;
            _write.Parameters[2].Value = value.ToArray();
            _write.ExecuteNonQuery();
        }

        public void Remove(StateKey key)
        {
            _remove.Parameters[0].Value = (int)key.Kind;
            _remove.Parameters[1].Value = key.Id;
            _remove.ExecuteNonQuery();
        }

        public void Dispose()
        {
            _write.Dispose();
            _remove.Dispose();
        }
    }
}
