using AgentSentinel.Core.Detection;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>
/// Down-sampling and retention of the points in the history file, in short transactions so that others get their turn. What has changed stands in the
/// table <c>touched</c>, by series and hour: nothing is missed by a crash, and event time may come in any order.
/// </summary>
internal sealed class SeriesGathering : IDisposable
{
    private const int HoursAtATime = 1_000;
    private const int SeriesAtATime = 2_000;
    private const int SecondsPerHour = 3600;

    // The same in each statement of a transaction: the first by key.
    private static readonly string Batch = FormattableString.Invariant($"SELECT series, hour FROM touched ORDER BY series, hour LIMIT {HoursAtATime}");

    private readonly SqliteConnection _connection;
    private readonly HistoryOptions _options;
    private readonly SqliteStatement _toFiveMinutes;
    private readonly SqliteStatement _toHours;
    private readonly SqliteStatement _lastHour;
    private readonly SqliteStatement _done;
    private long _prunedAt = long.MinValue;

    public SeriesGathering(SqliteConnection connection, HistoryOptions options)
    {
        _connection = connection;
        _options = options;
        _toFiveMinutes = new(connection, Gathering("point_5", 300), 0);
        _toHours = new(connection, Gathering("point_60", SecondsPerHour), 0);
        _lastHour = new(connection, $"""
            UPDATE agent SET last_hour_calls = newest.calls
            FROM (SELECT s.agent_id, (SELECT calls FROM point_60 WHERE series = s.id ORDER BY start DESC LIMIT 1) AS calls
                FROM series AS s WHERE s.dimension = $0 AND s.id IN (SELECT series FROM ({Batch}))) AS newest
            WHERE agent.id = newest.agent_id
            """, 1);
        _done = new(connection, $"DELETE FROM touched WHERE (series, hour) IN ({Batch})", 0);
    }

    /// <summary>Gathers every hour that was touched; what a stop leaves over is gathered the next time.</summary>
    public void Gather(CancellationToken cancellationToken)
    {
        int gathered;
        do
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            _toFiveMinutes.Run(transaction);
            _toHours.Run(transaction);
            _lastHour.Run(transaction, (long)WindowDimension.Agent);
            gathered = _done.Run(transaction);
            transaction.Commit();
        }
        while (gathered == HoursAtATime && !cancellationToken.IsCancellationRequested);
    }

    /// <summary>Once in an hour of event time: deletes what was kept for long enough.</summary>
    /// <param name="newest">Begin of the newest window, in seconds.</param>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    /// <returns>True when it did.</returns>
    public bool Prune(long newest, CancellationToken cancellationToken)
    {
        if (newest < _prunedAt + SecondsPerHour || newest == long.MinValue)
        {
            return false;
        }

        var last = Last();
        for (var first = 0L; first <= last && !cancellationToken.IsCancellationRequested; first += SeriesAtATime)
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            Delete(transaction, "point_1", newest - Seconds(_options.KeepMinutes), first);
            Delete(transaction, "point_5", newest - Seconds(_options.KeepFiveMinutes), first);
            Delete(transaction, "point_60", newest - Seconds(_options.KeepHours), first);
            HistoryFile.Execute(_connection, FormattableString.Invariant($"""
                DELETE FROM series WHERE id BETWEEN {first} AND {first + SeriesAtATime - 1} AND NOT EXISTS (SELECT 1 FROM point_60 WHERE series = id)
                    AND NOT EXISTS (SELECT 1 FROM point_1 WHERE series = id)
                """), transaction);
            transaction.Commit();
        }

        _prunedAt = newest;
        return true;
    }

    public void Dispose()
    {
        _toFiveMinutes.Dispose();
        _toHours.Dispose();
        _lastHour.Dispose();
        _done.Dispose();
    }

    private static string Gathering(string table, int seconds) => FormattableString.Invariant($"""
        INSERT OR REPLACE INTO {table} (series, start, calls, failures, denials, records, bytes, tokens, peak_calls, expected_low, expected_high, score, distinct_resources)
        SELECT point_1.series, start - start % {seconds}, sum(calls), sum(failures), sum(denials), sum(records), sum(bytes), sum(tokens), max(calls),
            avg(expected_low), avg(expected_high), max(score), max(distinct_resources)
        FROM ({Batch}) AS batch CROSS JOIN point_1 ON point_1.series = batch.series AND start >= hour AND start < hour + {SecondsPerHour}
        GROUP BY point_1.series, start - start % {seconds}
        """);

    private static long Seconds(TimeSpan span) => (long)span.TotalSeconds;

    private long Last()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT max(id) FROM series";
        return command.ExecuteScalar() as long? ?? -1;
    }

    private void Delete(SqliteTransaction transaction, string table, long before, long first) => HistoryFile.Execute(
        _connection, FormattableString.Invariant($"DELETE FROM {table} WHERE series BETWEEN {first} AND {first + SeriesAtATime - 1} AND start < {before}"), transaction);
}
