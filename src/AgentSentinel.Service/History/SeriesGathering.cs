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
        _toFiveMinutes = new(connection, Gathering("point_5", 300), 2);
        _toHours = new(connection, Gathering("point_60", SecondsPerHour), 2);
        _lastHour = new(connection, """
            UPDATE agent SET last_hour_calls = (SELECT calls FROM point_60 WHERE series = $0 ORDER BY start DESC LIMIT 1)
            WHERE id = (SELECT agent_id FROM series WHERE id = $0 AND dimension = $1)
            """, 2);
        _done = new(connection, "DELETE FROM touched WHERE series = $0 AND hour = $1", 2);
    }

    /// <summary>Gathers every hour that was touched; what a stop leaves over is gathered the next time.</summary>
    public void Gather(CancellationToken cancellationToken)
    {
        List<(long Series, long Hour)> touched;
        do
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            touched = Touched(transaction);
            foreach (var (series, hour) in touched)
            {
                _toFiveMinutes.Run(transaction, series, hour);
                _toHours.Run(transaction, series, hour);
                _lastHour.Run(transaction, series, (long)WindowDimension.Agent);
                _done.Run(transaction, series, hour);
            }

            transaction.Commit();
        }
        while (touched.Count == HoursAtATime && !cancellationToken.IsCancellationRequested);
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
        SELECT series, start - start % {seconds}, sum(calls), sum(failures), sum(denials), sum(records), sum(bytes), sum(tokens), max(calls),
            avg(expected_low), avg(expected_high), max(score), max(distinct_resources)
        FROM point_1 WHERE series = $0 AND start >= $1 AND start < $1 + {SecondsPerHour} GROUP BY start - start % {seconds}
        """);

    private static long Seconds(TimeSpan span) => (long)span.TotalSeconds;

    private List<(long Series, long Hour)> Touched(SqliteTransaction transaction)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = FormattableString.Invariant($"SELECT series, hour FROM touched LIMIT {HoursAtATime}");
        using var rows = command.ExecuteReader();
        var touched = new List<(long, long)>();
        while (rows.Read())
        {
            touched.Add((rows.GetInt64(0), rows.GetInt64(1)));
        }

        return touched;
    }

    private long Last()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT max(id) FROM series";
        return command.ExecuteScalar() as long? ?? -1;
    }

    private void Delete(SqliteTransaction transaction, string table, long before, long first) => HistoryFile.Execute(
        _connection, FormattableString.Invariant($"DELETE FROM {table} WHERE series BETWEEN {first} AND {first + SeriesAtATime - 1} AND start < {before}"), transaction);
}
