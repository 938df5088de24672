using AgentSentinel.Core.Detection;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Time series in history.</summary>
public sealed class SeriesQueries(HistoryReader history, HistoryOptions options)
{
    /// <summary>Most points that one question is answered with.</summary>
    public const int MostPoints = 20_000;

    private const int MostAgents = 500;

    private const string Columns =
        "start, calls, failures, denials, records, bytes, tokens, peak_calls, expected_low, expected_high, score, distinct_resources";

    /// <summary>The finest resolution that still reaches back so far and has no more points than can be drawn.</summary>
    /// <param name="from">Begin of the span.</param>
    /// <param name="before">End of the span.</param>
    /// <param name="newest">The newest event time that matters.</param>
    /// <param name="drawn">Points that can be drawn.</param>
    public SeriesResolution Fitting(DateTimeOffset from, DateTimeOffset before, DateTimeOffset newest, int drawn)
    {
        var minutes = (before - from).TotalMinutes;
        return minutes <= drawn && newest - from <= options.KeepMinutes ? SeriesResolution.Minute
            : minutes <= 5.0 * drawn && newest - from <= options.KeepFiveMinutes ? SeriesResolution.FiveMinutes
            : SeriesResolution.Hour;
    }

    /// <summary>One series, in order of time; empty when there is none.</summary>
    public IReadOnlyList<SeriesPoint> Points(
        string agentId, WindowDimension dimension, string name, bool isRest, SeriesResolution resolution, DateTimeOffset from, DateTimeOffset before)
    {
        using var connection = history.Open();
        using var command = connection.CreateCommand();
        command.CommandText = FormattableString.Invariant($"""
            SELECT {Columns} FROM {Table(resolution)} WHERE series = (SELECT id FROM series WHERE agent_id = $agent AND dimension = $dimension AND name = $name AND is_rest = $rest)
                AND start >= $from AND start < $before ORDER BY start LIMIT {MostPoints}
            """);
        command.Parameters.AddWithValue("$agent", agentId);
        command.Parameters.AddWithValue("$dimension", (long)dimension);
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$rest", isRest ? 1L : 0L);
        Bind(command, from, before);
        using var rows = command.ExecuteReader();
        var points = new List<SeriesPoint>();
        while (rows.Read())
        {
            points.Add(Read(rows));
        }

        return points;
    }

    /// <summary>The series of an agent that have points of an hour within a span, the busiest first.</summary>
    public IReadOnlyList<SeriesName> Names(string agentId, DateTimeOffset from, DateTimeOffset before)
    {
        using var connection = history.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT dimension, name, is_rest, sum(calls) FROM series JOIN point_60 ON series = id WHERE agent_id = $agent AND start >= $from AND start < $before
            GROUP BY id ORDER BY sum(calls) DESC, id
            """;
        command.Parameters.AddWithValue("$agent", agentId);
        Bind(command, from, before);
        using var rows = command.ExecuteReader();
        var names = new List<SeriesName>();
        while (rows.Read())
        {
            names.Add(new SeriesName((WindowDimension)rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2) == 1, rows.GetInt64(3)));
        }

        return names;
    }

    /// <summary>The hours of several agents, for the small charts of a list: agents without points are left out.</summary>
    /// <param name="agentIds">At most 500.</param>
    /// <param name="from">Begin of the span.</param>
    /// <param name="before">End of the span.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<SeriesPoint>> Hours(IReadOnlyCollection<string> agentIds, DateTimeOffset from, DateTimeOffset before)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(agentIds.Count, MostAgents, nameof(agentIds));
        using var connection = history.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT {Columns} FROM point_60 WHERE series = (SELECT id FROM series WHERE agent_id = $agent AND dimension = 0 AND name = '' AND is_rest = 0)
                AND start >= $from AND start < $before ORDER BY start
            """;
        var agent = command.Parameters.Add("$agent", SqliteType.Text);
        Bind(command, from, before);
        var hours = new Dictionary<string, IReadOnlyList<SeriesPoint>>(StringComparer.Ordinal);
        foreach (var agentId in agentIds)
        {
            agent.Value = agentId;
            using var rows = command.ExecuteReader();
            var points = new List<SeriesPoint>();
            while (rows.Read())
            {
                points.Add(Read(rows));
            }

            if (points.Count > 0)
            {
                hours[agentId] = points;
            }
        }

        return hours;
    }

    private static string Table(SeriesResolution resolution) => FormattableString.Invariant($"point_{(int)resolution}");

    private static void Bind(SqliteCommand command, DateTimeOffset from, DateTimeOffset before)
    {
        command.Parameters.AddWithValue("$from", from.ToUnixTimeSeconds());
        command.Parameters.AddWithValue("$before", before.ToUnixTimeSeconds());
    }

    private static SeriesPoint Read(SqliteDataReader row) => new(
        DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(0)), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6),
        row.GetInt64(7), row.NumberOrNull(8), row.NumberOrNull(9), row.GetDouble(10), row.NumberOrNull(11));
}
