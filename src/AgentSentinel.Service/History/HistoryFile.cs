using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>
/// The SQLite file that history is kept in: its tables, and how it is opened. In WAL mode, so that it may be read while it is written, by this
/// process and by others on this machine.
/// </summary>
/// <remarks>
/// Times are milliseconds since 1970, UTC, except in the tables of points, where they are seconds. Spans are seconds. The tables <c>position</c> and <c>piece</c>
/// belong to the checkpoint of the journal's projection: rows, memory and offset change in one transaction.
/// Whoever changes a table raises its version: the journal's tables are then made anew from the journal, the points begin anew.
/// </remarks>
internal static class HistoryFile
{
    private const long JournalVersion = 4;
    private const long SeriesVersion = 1;

    private const string Shared = "CREATE TABLE IF NOT EXISTS version (part TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;";

    private const string JournalTables = """
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, recorded_at INTEGER NOT NULL,
            agent_id TEXT, incident_id TEXT, actor TEXT, target TEXT, summary TEXT NOT NULL, json TEXT NOT NULL) STRICT;
        CREATE INDEX entry_kind ON entry (kind, position, actor);
        CREATE INDEX entry_agent ON entry (agent_id, position);
        CREATE INDEX entry_incident ON entry (incident_id, position);
        CREATE INDEX entry_time ON entry (recorded_at, kind, actor);

        CREATE TABLE anomaly (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent_id TEXT NOT NULL, incident_id TEXT, time INTEGER NOT NULL, window_start INTEGER NOT NULL,
            detector TEXT NOT NULL, feature TEXT NOT NULL, unit TEXT NOT NULL, score REAL NOT NULL, observed REAL NOT NULL, expected_low REAL NOT NULL,
            expected_high REAL NOT NULL, dimension TEXT, explanation TEXT NOT NULL, call_id TEXT, session_id TEXT) STRICT;
        CREATE INDEX anomaly_incident ON anomaly (incident_id, time, seq);
        CREATE INDEX anomaly_agent ON anomaly (agent_id, time, seq);
        CREATE INDEX anomaly_time ON anomaly (time);

        CREATE TABLE alert (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, time INTEGER NOT NULL, severity INTEGER NOT NULL, incident_id TEXT,
            agent_id TEXT NOT NULL, suspension_id TEXT, risk REAL NOT NULL, anomalies INTEGER NOT NULL, summary TEXT NOT NULL) STRICT;
        CREATE TABLE alert_json (seq INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
        CREATE INDEX alert_time ON alert (time, seq, severity, kind);
        CREATE INDEX alert_kind ON alert (kind, time, seq, severity);
        CREATE INDEX alert_severity ON alert (severity, seq, time, kind);
        CREATE INDEX alert_agent ON alert (agent_id, time, seq);
        CREATE INDEX alert_incident ON alert (incident_id, time, seq);
        CREATE INDEX alert_risk ON alert (risk, seq, severity, kind, time);

        CREATE TABLE incident (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent_id TEXT NOT NULL, is_open INTEGER NOT NULL, severity INTEGER NOT NULL, risk REAL NOT NULL,
            anomalies INTEGER NOT NULL, opened_at INTEGER NOT NULL, last_at INTEGER NOT NULL, first_event_at INTEGER NOT NULL, last_event_at INTEGER NOT NULL,
            known_since INTEGER NOT NULL, closed_at INTEGER, closed_because TEXT, suspension_id TEXT, summary TEXT NOT NULL, credentials TEXT NOT NULL, evidence TEXT NOT NULL) STRICT;
        CREATE INDEX incident_open ON incident (is_open, severity, opened_at, seq);
        CREATE INDEX incident_opened ON incident (opened_at, seq, is_open, severity);
        CREATE INDEX incident_last ON incident (last_at, seq, is_open, severity);
        CREATE INDEX incident_risk ON incident (risk, seq, is_open, severity);
        CREATE INDEX incident_agent ON incident (agent_id, opened_at, seq);

        CREATE TABLE suspension (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent_id TEXT NOT NULL, target TEXT NOT NULL, target_id TEXT NOT NULL, incident_id TEXT,
            state TEXT NOT NULL, severity INTEGER NOT NULL,
            is_automatic INTEGER NOT NULL, decided_by TEXT NOT NULL, reason TEXT NOT NULL, decided_at INTEGER NOT NULL, ordered_at INTEGER, expires_at INTEGER NOT NULL,
            confirmed_at INTEGER, lift_ordered_at INTEGER, lifted_by TEXT, lift_reason TEXT, ended_at INTEGER, credentials TEXT NOT NULL,
            verification TEXT, residual_access REAL, policy_version TEXT, rule TEXT) STRICT;
        CREATE INDEX suspension_state ON suspension (state, decided_at, seq);
        CREATE INDEX suspension_time ON suspension (decided_at, seq, state);
        CREATE INDEX suspension_agent ON suspension (agent_id, decided_at, seq);

        CREATE TABLE agent (
            id TEXT PRIMARY KEY, known_since INTEGER NOT NULL, last_seen INTEGER NOT NULL, last_score REAL NOT NULL DEFAULT 0, last_hour_calls INTEGER NOT NULL DEFAULT 0,
            anomalies INTEGER NOT NULL DEFAULT 0, severity INTEGER NOT NULL DEFAULT -1, risk REAL NOT NULL DEFAULT 0, incident_id TEXT, suspension_id TEXT, suspension_state TEXT) STRICT;
        CREATE TABLE era (from_offset INTEGER PRIMARY KEY, terms TEXT NOT NULL) STRICT;
        CREATE INDEX agent_seen ON agent (last_seen, id);
        CREATE INDEX agent_calls ON agent (last_hour_calls, id);
        CREATE INDEX agent_risk ON agent (risk, id);
        CREATE INDEX agent_severity ON agent (severity, id);
        CREATE INDEX agent_anomalies ON agent (anomalies, id);
        CREATE INDEX agent_suspension ON agent (suspension_state) WHERE suspension_state IS NOT NULL;
        """;

    private const string DropJournal = """
        DROP TABLE IF EXISTS entry; DROP TABLE IF EXISTS anomaly; DROP TABLE IF EXISTS alert; DROP TABLE IF EXISTS alert_json;
        DROP TABLE IF EXISTS incident; DROP TABLE IF EXISTS suspension; DROP TABLE IF EXISTS agent; DROP TABLE IF EXISTS era;
        """;

    // What the points know of agents, so that a journal that is read anew does not empty the list.
    private const string FillAgents = """
        INSERT INTO agent (id, known_since, last_seen)
        SELECT s.agent_id, 1000 * min(p.start), 1000 * max(p.start + 3600) FROM series s JOIN point_60 p ON p.series = s.id WHERE s.dimension = 0 GROUP BY s.agent_id;
        """;

    private const string SeriesTables = """
        CREATE TABLE series (id INTEGER PRIMARY KEY, agent_id TEXT NOT NULL, dimension INTEGER NOT NULL, name TEXT NOT NULL, is_rest INTEGER NOT NULL,
            UNIQUE (agent_id, dimension, name, is_rest)) STRICT;
        CREATE TABLE touched (series INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (series, hour)) STRICT, WITHOUT ROWID;
        """;

    private const string DropSeries = """
        DROP TABLE IF EXISTS series; DROP TABLE IF EXISTS touched; DROP TABLE IF EXISTS point_1; DROP TABLE IF EXISTS point_5; DROP TABLE IF EXISTS point_60;
        """;

    // Calls, failures, denials, records, bytes and tokens add up; the peak, the score and the distinct resources are the largest of a minute, and
    // the expected range is the mean of the minutes that have one.
    private const string PointTable = """
        CREATE TABLE {0} (series INTEGER NOT NULL, start INTEGER NOT NULL, calls INTEGER NOT NULL, failures INTEGER NOT NULL, denials INTEGER NOT NULL,
            records REAL NOT NULL, bytes REAL NOT NULL, tokens REAL NOT NULL, peak_calls INTEGER NOT NULL, expected_low REAL, expected_high REAL,
            score REAL NOT NULL, distinct_resources REAL, PRIMARY KEY (series, start)) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Opens the file for writing, with all its tables.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is none of SQLite's.</exception>
    public static SqliteConnection Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;");
            using var transaction = connection.BeginTransaction(deferred: false);
            Execute(connection, Shared, transaction);
            if (VersionOf(connection, transaction, "series") != SeriesVersion)
            {
                Execute(connection, DropSeries, transaction);
                Execute(connection, SeriesTables, transaction);
                foreach (var table in (string[])["point_1", "point_5", "point_60"])
                {
                    Execute(connection, PointTable.Replace("{0}", table, StringComparison.Ordinal), transaction);
                }

                SetVersion(connection, transaction, "series", SeriesVersion);
            }

            if (VersionOf(connection, transaction, "journal") != JournalVersion)
            {
                EmptyJournal(connection, transaction);
            }

            transaction.Commit();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Forgets everything that came from the journal, so that it is read anew from its beginning. A service that is running notices at its next
    /// write that the file is no longer its own, and begins anew as well.
    /// </summary>
    public static void Rebuild(string path)
    {
        using var connection = Open(path);
        using var transaction = connection.BeginTransaction(deferred: false);
        EmptyJournal(connection, transaction);
        transaction.Commit();
    }

    public static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void EmptyJournal(SqliteConnection connection, SqliteTransaction transaction)
    {
        Execute(connection, DropJournal, transaction);
        Execute(connection, JournalTables, transaction);
        Execute(connection, FillAgents, transaction);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name IN ('position', 'piece')";
        if (command.ExecuteScalar() is 2L)
        {
            Execute(connection, "DELETE FROM piece; UPDATE position SET epoch = epoch + 1, next_offset = NULL;", transaction);
        }

        SetVersion(connection, transaction, "journal", JournalVersion);
    }

    private static long VersionOf(SqliteConnection connection, SqliteTransaction transaction, string part)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT number FROM version WHERE part = $part";
        command.Parameters.AddWithValue("$part", part);
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static void SetVersion(SqliteConnection connection, SqliteTransaction transaction, string part, long number)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO version (part, number) VALUES ($part, $number) ON CONFLICT (part) DO UPDATE SET number = excluded.number";
        command.Parameters.AddWithValue("$part", part);
        command.Parameters.AddWithValue("$number", number);
        command.ExecuteNonQuery();
    }
}
