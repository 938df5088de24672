using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// How things stood before a suspension changed them, kept so that its lift restores them: an identity that was disabled already stays disabled.
/// Written before the first change is asked for. In the outbox's file, on a connection of its own; safe to call from several tasks.
/// </summary>
internal sealed class PriorStates : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    private PriorStates(SqliteConnection connection) => _connection = connection;

    public static PriorStates Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                CREATE TABLE IF NOT EXISTS prior_state (
                    adapter TEXT NOT NULL,
                    suspension TEXT NOT NULL,
                    was_suspended INTEGER NOT NULL,
                    PRIMARY KEY (adapter, suspension)
                ) STRICT, WITHOUT ROWID;
                """;
            command.ExecuteNonQuery();
            return new PriorStates(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the state unless one is kept already: what a later attempt sees is our own doing. Returns what is kept.</summary>
    public bool KeepFirst(string adapter, string suspensionId, bool wasSuspended) => Run(
        """
        INSERT INTO prior_state (adapter, suspension, was_suspended) VALUES ($adapter, $suspension, $was) ON CONFLICT DO NOTHING;
        SELECT was_suspended FROM prior_state WHERE adapter = $adapter AND suspension = $suspension
        """,
        adapter, suspensionId, wasSuspended) is 1L;

    /// <summary>Null when nothing was ever changed under that suspension.</summary>
    public bool? Find(string adapter, string suspensionId) =>
        Run("SELECT was_suspended FROM prior_state WHERE adapter = $adapter AND suspension = $suspension", adapter, suspensionId) is long was ? was == 1 : null;

    public void Forget(string adapter, string suspensionId) => Run("DELETE FROM prior_state WHERE adapter = $adapter AND suspension = $suspension", adapter, suspensionId);

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    private object? Run(string sql, string adapter, string suspensionId, bool was = false)
    {
        lock (_gate)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$adapter", adapter);
            command.Parameters.AddWithValue("$suspension", suspensionId);
            command.Parameters.AddWithValue("$was", was ? 1 : 0);
            return command.ExecuteScalar();
        }
    }
}
