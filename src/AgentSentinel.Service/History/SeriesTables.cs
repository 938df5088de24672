using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Windowing;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>
/// Time series in the history file: a point per minute, gathered into points of 5 minutes and 1 hour. A window written again replaces itself, and
/// what was gathered from it is gathered again, so that a replay changes nothing. Owned by its <see cref="SqliteWindowWriter"/>.
/// </summary>
internal sealed class SeriesTables : IDisposable
{
    private const int MostCachedSeries = 500_000;

    private readonly HistoryOptions _options;
    private readonly SqliteConnection _connection;
    private readonly SeriesGathering _gathering;
    private readonly SqliteStatement _findSeries;
    private readonly SqliteStatement _addSeries;
    private readonly SqliteStatement _point;
    private readonly SqliteStatement _touch;
    private readonly SqliteStatement _agent;
    private readonly Dictionary<(string AgentId, WindowDimension Dimension, string Name, bool IsRest), long> _series = [];

    // The hour of each series that was noted last as one to be gathered: nearly all points are of the same.
    private readonly Dictionary<long, long> _touched = [];
    private long _newest;

    public SeriesTables(string path, HistoryOptions options)
    {
        _options = options;
        _connection = HistoryFile.Open(path);
        _gathering = new SeriesGathering(_connection, options);
        _newest = Newest();
        _findSeries = new(_connection, "SELECT id FROM series WHERE agent_id = $0 AND dimension = $1 AND name = $2 AND is_rest = $3", 4);
        _addSeries = new(_connection, "INSERT INTO series (agent_id, dimension, name, is_rest) VALUES ($0, $1, $2, $3) RETURNING id", 4);
        _point = new(_connection, """
            INSERT OR REPLACE INTO point_1 (series, start, calls, failures, denials, records, bytes, tokens, peak_calls, expected_low, expected_high, score, distinct_resources)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $2, $8, $9, $10, $11)
            """, 12);
        _touch = new(_connection, "INSERT OR IGNORE INTO touched (series, hour) VALUES ($0, $1)", 2);
        _agent = new(_connection, """
            INSERT INTO agent (id, known_since, last_seen, last_score) VALUES ($0, $1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET known_since = min(known_since, $1), last_score = CASE WHEN $2 >= last_seen THEN $3 ELSE last_score END, last_seen = max(last_seen, $2)
            """, 4);
    }

    /// <summary>Writes points in one transaction.</summary>
    /// <returns>How many were refused, because they are older than points are kept.</returns>
    public int Write(ReadOnlySpan<WindowValue> values)
    {
        try
        {
            return Add(values);
        }
        catch
        {
            // What the transaction had added is not there.
            _series.Clear();
            _touched.Clear();
            throw;
        }
    }

    /// <summary>Gathers everything that was written since the last time, and deletes what was kept for long enough.</summary>
    public void Gather(CancellationToken cancellationToken)
    {
        _touched.Clear();
        _gathering.Gather(cancellationToken);
        if (_gathering.Prune(_newest, cancellationToken))
        {
            // Series that have lost their last point are gone.
            _series.Clear();
        }
    }

    public void Dispose()
    {
        SqliteStatement[] all = [_findSeries, _addSeries, _point, _touch, _agent];
        foreach (var statement in all)
        {
            statement.Dispose();
        }

        _gathering.Dispose();
        _connection.Dispose();
    }

    private int Add(ReadOnlySpan<WindowValue> values)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var expired = 0;
        foreach (ref readonly var value in values)
        {
            var start = value.Start.ToUnixTimeSeconds();
            _newest = Math.Max(_newest, start);
            if (start < _newest - (long)_options.KeepMinutes.TotalSeconds)
            {
                // Its neighbours may be gone already: gathered alone it would replace what they had come to.
                expired++;
                continue;
            }

            var series = SeriesOf(transaction, value);
            _point.Run(
                transaction, series, start, value.Calls, value.Failures, value.Denials, value.Records, value.Bytes, value.Tokens,
                value.Expected?.Low, value.Expected?.High, value.Score, value.DistinctResources);
            var hour = start - (start % 3600);
            if (_touched.GetValueOrDefault(series, long.MinValue) != hour)
            {
                _touch.Run(transaction, series, hour);
                _touched[series] = hour;
            }

            if (value.Dimension == WindowDimension.Agent)
            {
                _agent.Run(transaction, value.AgentId, start * 1000, (value.Start + AgentWindow.Length).ToUnixTimeMilliseconds(), value.Score);
            }
        }

        transaction.Commit();
        return expired;
    }

    // A restart must not let in what is too old to be kept.
    private long Newest()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT max(last_seen) / 1000 FROM agent";
        return command.ExecuteScalar() as long? ?? long.MinValue;
    }

    private long SeriesOf(SqliteTransaction transaction, in WindowValue value)
    {
        var key = (value.AgentId, value.Dimension, value.Name, value.IsRest);
        if (_series.TryGetValue(key, out var id))
        {
            return id;
        }

        if (_series.Count >= MostCachedSeries)
        {
            _series.Clear();
            _touched.Clear();
        }

        var (dimension, isRest) = ((long)value.Dimension, value.IsRest ? 1L : 0L);
        id = _findSeries.Number(transaction, value.AgentId, dimension, value.Name, isRest)
            ?? _addSeries.Number(transaction, value.AgentId, dimension, value.Name, isRest)!.Value;
        _series.Add(key, id);
        return id;
    }
}
