using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// The orders that must arrive, in the file of the journal pipeline's checkpoint, so that an order and the offset it came from are
/// committed together. <see cref="CreateTable"/> and <see cref="Add"/> work on the pipeline's own connection; everything else belongs to the
/// dispatcher and runs on a connection of this class, since a SQLite connection serves one thread. The lock is held for one short statement
/// at a time: the sending tasks, the reporter and an operator's retry share that connection.
/// Not bounded by count on purpose: a suspension is never dropped, and the response engine's budgets bound how many there are.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const string Columns =
        "id, subject, kind, payload, created_at, attempts, first_attempt_at, next_attempt_at, state, reported_at, manual_retries, last_kind, last_status, last_reason, last_ticks, adapter, last_read_back, last_residual";

    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    private Outbox(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the dispatcher's connection to a file that the pipeline has open too.</summary>
    public static Outbox Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();

            // WAL lets the pipeline and the dispatcher read while the other writes; FULL makes a commit survive power loss. The provider
            // would wait for a lock in steps of 150 ms; SQLite's own handler begins at 1 ms.
            Execute(connection, "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            CreateTable(connection);
            return new Outbox(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void CreateTable(SqliteConnection connection)
    {
        // Times are UTC ticks. report_at is null when nothing is owed to the journal. escalation: 0 not due, 1 owed, 2 done.
        Execute(connection, """
            CREATE TABLE IF NOT EXISTS outbox (
                id TEXT NOT NULL PRIMARY KEY,
                subject TEXT NOT NULL,
                kind TEXT NOT NULL,
                payload BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0,
                first_attempt_at INTEGER,
                next_attempt_at INTEGER NOT NULL,
                state INTEGER NOT NULL DEFAULT 0,
                escalation INTEGER NOT NULL DEFAULT 0,
                report_at INTEGER,
                reported_at INTEGER,
                manual_retries INTEGER NOT NULL DEFAULT 0,
                last_kind INTEGER,
                last_status INTEGER,
                last_reason TEXT,
                last_ticks INTEGER,
                adapter TEXT NOT NULL DEFAULT 'webhook',
                last_read_back INTEGER NOT NULL DEFAULT 0,
                last_residual INTEGER
            ) STRICT;
            CREATE INDEX IF NOT EXISTS outbox_pending ON outbox (next_attempt_at) WHERE state = 0;
            CREATE INDEX IF NOT EXISTS outbox_subject ON outbox (subject) WHERE state = 0;
            CREATE INDEX IF NOT EXISTS outbox_owed ON outbox (report_at) WHERE report_at IS NOT NULL;
            """);

        // Files of before there were adapters hold webhooks only.
        if (!HasColumn(connection, "adapter"))
        {
            Execute(connection, """
                ALTER TABLE outbox ADD COLUMN adapter TEXT NOT NULL DEFAULT 'webhook';
                ALTER TABLE outbox ADD COLUMN last_read_back INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE outbox ADD COLUMN last_residual INTEGER;
                """);
        }
    }

    /// <summary>
    /// Adds a message within the pipeline's transaction. An id that is there already is left alone, whatever has become of it: the replay of
    /// an order is no second order. Returns whether it was new. Wake the dispatcher after the commit, not before.
    /// </summary>
    public static bool Add(SqliteTransaction transaction, OutboxMessage message)
    {
        using var command = (transaction.Connection ?? throw new InvalidOperationException("The transaction is over.")).CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO outbox (id, subject, kind, payload, created_at, next_attempt_at, adapter) VALUES ($id, $subject, $kind, $payload, $created, $next, $adapter)
            ON CONFLICT (id) DO NOTHING
            """;
        command.Parameters.AddWithValue("$id", message.Id);
        command.Parameters.AddWithValue("$subject", message.Subject);
        command.Parameters.AddWithValue("$kind", message.Kind);
        command.Parameters.AddWithValue("$payload", message.Payload.ToArray());
        command.Parameters.AddWithValue("$created", message.CreatedAt.UtcTicks);
        command.Parameters.AddWithValue("$next", message.NextAttemptAt.UtcTicks);
        command.Parameters.AddWithValue("$adapter", message.Adapter);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>Pending messages whose time has come, those with the fewest attempts first: a fresh order does not queue behind the
    /// retries of old ones. A message waits while an earlier one of its subject and adapter is pending: a suspension that is tried again must not undo its lift.</summary>
    public IReadOnlyList<OutboxMessage> Due(DateTimeOffset now, int max) => Select(
        """
        WHERE state = 0 AND next_attempt_at <= $now AND (subject = '' OR NOT EXISTS (
            SELECT 1 FROM outbox AS earlier WHERE earlier.state = 0 AND earlier.subject = outbox.subject AND earlier.adapter = outbox.adapter AND earlier.rowid < outbox.rowid))
        ORDER BY attempts, next_attempt_at LIMIT $max
        """,
        ("$now", now.UtcTicks),
        ("$max", max));

    /// <summary>When the next pending message that is not due yet becomes due; null when there is none.</summary>
    public DateTimeOffset? NextDue(DateTimeOffset now) =>
        Time("SELECT min(next_attempt_at) FROM outbox WHERE state = 0 AND next_attempt_at > $now", ("$now", now.UtcTicks));

    /// <summary>A failed attempt after which another will follow.</summary>
    public void RecordAttempt(OutboxMessage message, AttemptOutcome outcome, DateTimeOffset now, DateTimeOffset nextAttemptAt, bool escalate) =>
        Record(message, outcome, now, OutboxState.Pending, nextAttemptAt, escalate);

    public void Delivered(OutboxMessage message, AttemptOutcome outcome, DateTimeOffset now) =>
        Record(message, outcome, now, OutboxState.Delivered, message.NextAttemptAt, escalate: false);

    /// <summary>A failed attempt that was the last.</summary>
    public void GaveUp(OutboxMessage message, AttemptOutcome outcome, DateTimeOffset now, bool escalate) =>
        Record(message, outcome, now, OutboxState.Undeliverable, message.NextAttemptAt, escalate);

    /// <summary>What the journal has to be told; a message's escalation before its outcome.</summary>
    public IReadOnlyList<OwedReport> OwedReports(DateTimeOffset now, int max)
    {
        lock (_gate)
        {
            using var command = Command(
                $"SELECT {Columns}, escalation FROM outbox WHERE report_at <= $now ORDER BY report_at LIMIT $max", ("$now", now.UtcTicks), ("$max", max));
            using var reader = command.ExecuteReader();
            var reports = new List<OwedReport>();
            while (reader.Read())
            {
                var message = Read(reader);
                var outcome = message.LastOutcome ?? throw new InvalidOperationException("A report is owed on a message that was never tried.");
                reports.Add(new OwedReport(message, outcome, IsEscalation: reader.GetInt32(18) == 1));
            }

            return reports;
        }
    }

    public DateTimeOffset? NextReport(DateTimeOffset now) => Time("SELECT min(report_at) FROM outbox WHERE report_at > $now", ("$now", now.UtcTicks));

    /// <summary>
    /// The journal has this report. It counts only if the message still is what the report said: a person may have retried it meanwhile,
    /// and then the outcome of that is owed anew.
    /// </summary>
    public void Reported(OwedReport report, DateTimeOffset now) => Change(
        report.IsEscalation
            ? "UPDATE outbox SET escalation = 2, report_at = CASE state WHEN 0 THEN NULL ELSE $now END WHERE id = $id AND escalation = 1"
            : "UPDATE outbox SET reported_at = $now, report_at = NULL WHERE id = $id AND state = $state AND manual_retries = $retries",
        ("$id", report.Message.Id), ("$now", now.UtcTicks), ("$state", (int)report.Message.State), ("$retries", report.Message.ManualRetries));

    /// <summary>Not to be reported before that moment, so that one report that fails does not stand in front of the others.</summary>
    public void PostponeReport(OwedReport report, DateTimeOffset until) =>
        Change("UPDATE outbox SET report_at = $until WHERE id = $id AND report_at IS NOT NULL", ("$id", report.Message.Id), ("$until", until.UtcTicks));

    public int PendingCount()
    {
        lock (_gate)
        {
            using var command = Command("SELECT count(*) FROM outbox WHERE state = 0");
            return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Dead letters, the newest first.</summary>
    public IReadOnlyList<OutboxMessage> Undeliverable(int max) => Select("WHERE state = 2 ORDER BY created_at DESC LIMIT $max", ("$max", max));

    /// <summary>All messages of one order: to the webhook under the order's id, to other adapters under that id and their name.</summary>
    public IReadOnlyList<OutboxMessage> OfOrder(string orderId) => Select("WHERE id = $id OR id GLOB $others", ("$id", orderId), ("$others", $"{orderId}{AdapterOrder.Separator}*"));

    public OutboxMessage? Find(string id) => Select("WHERE id = $id", ("$id", id)).SingleOrDefault();

    /// <summary>
    /// Puts a dead letter back at the start of the schedule, under the same id. False when it is not undeliverable. Its escalation is not
    /// repeated; an outcome not yet reported is replaced by the new one.
    /// </summary>
    public bool Retry(string id, DateTimeOffset now) => Change(
        """
        UPDATE outbox SET state = 0, attempts = 0, first_attempt_at = NULL, next_attempt_at = $now, reported_at = NULL,
            report_at = CASE escalation WHEN 1 THEN report_at ELSE NULL END, manual_retries = manual_retries + 1
        WHERE id = $id AND state = 2
        """,
        ("$id", id), ("$now", now.UtcTicks)) == 1;

    /// <summary>Deletes what was reported before that moment.</summary>
    public int Prune(DateTimeOffset reportedBefore) =>
        Change("DELETE FROM outbox WHERE reported_at < $before AND report_at IS NULL", ("$before", reportedBefore.UtcTicks));

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    // Escalation is decided once per message, over all manual retries: `escalation` leaves 0 and never returns to it.
    private void Record(OutboxMessage message, AttemptOutcome outcome, DateTimeOffset now, OutboxState state, DateTimeOffset nextAttemptAt, bool escalate) => Change(
        """
        UPDATE outbox SET attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $now), next_attempt_at = $next, state = $state,
            report_at = CASE WHEN $state <> 0 OR ($escalate AND escalation = 0) THEN $now ELSE report_at END,
            escalation = CASE WHEN $escalate AND escalation = 0 THEN 1 ELSE escalation END,
            last_kind = $kind, last_status = $status, last_reason = $reason, last_ticks = $ticks, last_read_back = $read_back, last_residual = $residual
        WHERE id = $id AND state = 0
        """,
        ("$id", message.Id), ("$now", now.UtcTicks), ("$next", nextAttemptAt.UtcTicks), ("$state", (int)state), ("$escalate", escalate ? 1 : 0),
        ("$kind", (int)outcome.Kind), ("$status", outcome.StatusCode), ("$reason", outcome.Reason), ("$ticks", outcome.Duration.Ticks),
        ("$read_back", (int)outcome.ReadBack), ("$residual", outcome.ResidualAccess?.Ticks));

    private static OutboxMessage Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Subject = row.GetString(1),
        Kind = row.GetString(2),
        Payload = (byte[])row.GetValue(3),
        CreatedAt = At(row.GetInt64(4)),
        Attempts = row.GetInt32(5),
        FirstAttemptAt = row.IsDBNull(6) ? null : At(row.GetInt64(6)),
        NextAttemptAt = At(row.GetInt64(7)),
        State = (OutboxState)row.GetInt32(8),
        IsReported = !row.IsDBNull(9),
        ManualRetries = row.GetInt32(10),
        LastOutcome = row.IsDBNull(11)
            ? null
            : new AttemptOutcome((AttemptKind)row.GetInt32(11), row.IsDBNull(12) ? null : row.GetInt32(12), row.GetString(13), new TimeSpan(row.GetInt64(14)))
            {
                ReadBack = (ReadBack)row.GetInt32(16),
                ResidualAccess = row.IsDBNull(17) ? null : new TimeSpan(row.GetInt64(17)),
            },
        Adapter = row.GetString(15),
    };

    private List<OutboxMessage> Select(string rest, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_gate)
        {
            using var command = Command($"SELECT {Columns} FROM outbox {rest}", parameters);
            using var reader = command.ExecuteReader();
            var messages = new List<OutboxMessage>();
            while (reader.Read())
            {
                messages.Add(Read(reader));
            }

            return messages;
        }
    }

    private DateTimeOffset? Time(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_gate)
        {
            using var command = Command(sql, parameters);
            return command.ExecuteScalar() is long ticks ? At(ticks) : null;
        }
    }

    private int Change(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_gate)
        {
            using var command = Command(sql, parameters);
            return command.ExecuteNonQuery();
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    private static bool HasColumn(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pragma_table_info('outbox') WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is 1L;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
