using System.Security.Cryptography;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Statistics;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Audit;

/// <summary>
/// The audit trail as the journal's pipeline writes it. A record becomes durable in the very transaction that saves what it tells of, so that
/// the trail never says more or less than was done, whatever dies in between; from there it goes to the file. Owned by the <c>ResponseWorker</c>.
/// </summary>
internal sealed class AuditTrail : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS audit_head (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, hash BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS audit_line (sequence INTEGER PRIMARY KEY, line BLOB NOT NULL);
        """;

    private readonly SqliteConnection _connection;
    private readonly AuditOptions _options;
    private readonly AuditChain _chain;
    private readonly AuditFile _file;
    private readonly AnchorKey _key;
    private readonly TimeProvider _time;
    private readonly List<(DateTimeOffset Time, AuditContent Content)> _pending = [];

    // How much of the output was noted.
    private int _decisions;
    private int _orders;
    private int _alerts;
    // False from when records are chained until their transaction is known to be committed: what never happened must not be anchored.
    private bool _isDurable = true;
    private long _anchored;
    private long _anchoredAt;

    /// <param name="connection">The journal's checkpoint file.</param>
    /// <param name="folder">The checkpoint folder, where the files are when the options name none.</param>
    /// <param name="options">Options.</param>
    /// <param name="key">Key of the deployment for fingerprints.</param>
    /// <param name="time">Processing time.</param>
    public AuditTrail(SqliteConnection connection, string folder, AuditOptions options, FingerprintKey key, TimeProvider time)
    {
        _connection = connection;
        _options = options;
        _time = time;
        _file = new AuditFile(PathIn(folder, options));
        Execute(Schema);
        var (sequence, head) = ReadHead();
        _chain = new AuditChain(key, sequence, head);
        _key = AnchorKey.Open(options.KeyFile is { Length: > 0 } file ? file : Path.Combine(folder, "audit-key.pem"));
        _anchoredAt = time.GetTimestamp();

        // Also with nothing to add: what a crash left of a line is cut off.
        _file.Append([]);
        Export();
    }

    public static string PathIn(string folder, AuditOptions options) => options.File is { Length: > 0 } file ? file : Path.Combine(folder, "audit.jsonl");

    /// <summary>Notes an entry and what came of it. <paramref name="output"/> is read from what was noted before on.</summary>
    public void Note(JournalEntry entry, long offset, ResponseOutput output)
    {
        _pending.Add((entry.RecordedAt, AuditContent.Of(entry, offset)));
        NoteOutput(output);
    }

    /// <summary>Notes what time alone caused.</summary>
    public void NoteOutput(ResponseOutput output)
    {
        for (; _decisions < output.Decisions.Count; _decisions++)
        {
            _pending.Add((output.Decisions[_decisions].Time, AuditContent.Of(output.Decisions[_decisions])));
        }

        for (; _orders < output.Orders.Count; _orders++)
        {
            _pending.Add((output.Orders[_orders].Time, AuditContent.Of(output.Orders[_orders])));
        }

        for (; _alerts < output.Alerts.Count; _alerts++)
        {
            _pending.Add((output.Alerts[_alerts].Time, AuditContent.Of(output.Alerts[_alerts])));
        }
    }

    /// <summary>Writes what was noted, within the transaction that saves the engine's memory.</summary>
    public void Save(SqliteTransaction transaction)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        using var insert = _connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO audit_line (sequence, line) VALUES ($sequence, $line)";
        var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
        var line = insert.Parameters.Add("$line", SqliteType.Blob);
        _isDurable = false;
        Span<byte> secret = stackalloc byte[32];
        foreach (var (time, content) in _pending)
        {
            RandomNumberGenerator.Fill(secret);
            line.Value = _chain.Append(time, content, secret);
            sequence.Value = _chain.Sequence;
            insert.ExecuteNonQuery();
        }

        using var head = _connection.CreateCommand();
        head.Transaction = transaction;
        head.CommandText = "INSERT INTO audit_head (one, sequence, hash) VALUES (1, $sequence, $hash) ON CONFLICT (one) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash";
        head.Parameters.AddWithValue("$sequence", _chain.Sequence);
        head.Parameters.AddWithValue("$hash", _chain.Head.ToArray());
        head.ExecuteNonQuery();
        _pending.Clear();
    }

    /// <summary>To be called after the commit: carries what is durable to the file, and anchors it when it is time to. The output that was noted may be cleared now.</summary>
    /// <returns>An anchor that was made, or null.</returns>
    public AuditAnchor? Export()
    {
        _isDurable = true;
        _decisions = _orders = _alerts = 0;
        var lines = ReadLines();
        if (lines.Count > 0)
        {
            _file.Append(lines);
            foreach (var target in lines.Select(l => AuditErasure.TargetIn(l.Line)).OfType<string>())
            {
                _file.Erase(target);
            }

            // Last: until then a crash makes all of it happen again.
            Execute(FormattableString.Invariant($"DELETE FROM audit_line WHERE sequence <= {lines[^1].Sequence}"));
        }

        var isDue = _chain.Sequence - _anchored >= _options.AnchorEvery || _time.GetElapsedTime(_anchoredAt) >= _options.AnchorWithin;
        return isDue ? Anchor() : null;
    }

    /// <summary>Anchors what is not anchored yet.</summary>
    public AuditAnchor? Anchor()
    {
        _anchoredAt = _time.GetTimestamp();
        if (_chain.Sequence == _anchored || !_isDurable)
        {
            return null;
        }

        var anchor = _key.Sign(AuditAnchor.Of(_chain, _time.GetUtcNow()));
        _file.AppendAnchor(anchor);
        _anchored = _chain.Sequence;
        return anchor;
    }

    public void Dispose() => _key.Dispose();

    private (long Sequence, byte[] Head) ReadHead()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT sequence, hash FROM audit_head";
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), (byte[])row.GetValue(1)) : (0, []);
    }

    private List<(long Sequence, byte[] Line)> ReadLines()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT sequence, line FROM audit_line ORDER BY sequence";
        using var rows = command.ExecuteReader();
        var lines = new List<(long, byte[])>();
        while (rows.Read())
        {
            lines.Add((rows.GetInt64(0), (byte[])rows.GetValue(1)));
        }

        return lines;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
