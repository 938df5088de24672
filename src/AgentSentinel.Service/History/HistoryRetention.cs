using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Deletes what the history file has kept for long enough, a little at a time: the tables of the journal. Owned by the journal's projection.</summary>
internal sealed class HistoryRetention : IDisposable
{
    private const int RowsAtATime = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly SqliteStatement[] _deletions;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public HistoryRetention(SqliteConnection connection)
    {
        // What is still open stays, however old it is.
        string[] sql =
        [
            "DELETE FROM alert_json WHERE seq IN (SELECT seq FROM alert WHERE time < $0 ORDER BY time LIMIT $1)",
            "DELETE FROM alert WHERE seq IN (SELECT seq FROM alert WHERE time < $0 ORDER BY time LIMIT $1)",
            "DELETE FROM entry WHERE position IN (SELECT position FROM entry WHERE recorded_at < $0 ORDER BY recorded_at LIMIT $1)",
            "DELETE FROM anomaly WHERE seq IN (SELECT seq FROM anomaly WHERE time < $0 ORDER BY time LIMIT $1)",
            "DELETE FROM incident WHERE seq IN (SELECT seq FROM incident WHERE last_at < $0 AND is_open = 0 ORDER BY last_at LIMIT $1)",
            "DELETE FROM suspension WHERE seq IN (SELECT seq FROM suspension WHERE decided_at < $0 AND ended_at IS NOT NULL ORDER BY decided_at LIMIT $1)",
        ];
        _deletions = [.. sql.Select(s => new SqliteStatement(connection, s, 2))];
    }

    /// <summary>Deletes what is older, when it is time to.</summary>
    public void Apply(SqliteTransaction transaction, DateTimeOffset olderThan, DateTimeOffset now)
    {
        if (now < _next)
        {
            return;
        }

        var deleted = 0;
        foreach (var deletion in _deletions)
        {
            deleted += deletion.Run(transaction, olderThan.ToUnixTimeMilliseconds(), RowsAtATime);
        }

        // While there is more, a little with each batch.
        _next = deleted > 0 ? now : now + Interval;
    }

    public void Dispose()
    {
        foreach (var deletion in _deletions)
        {
            deletion.Dispose();
        }
    }
}
