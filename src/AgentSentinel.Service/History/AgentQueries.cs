using AgentSentinel.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Agents in history.</summary>
public sealed class AgentQueries(HistoryReader history)
{
    private const string Columns =
        "id, known_since, last_seen, last_score, last_hour_calls, anomalies, severity, risk, incident_id, suspension_id, suspension_state";

    /// <exception cref="InvalidCursorException">The page asked for is none of this list and order.</exception>
    public Page<AgentRow> List(AgentFilter filter, AgentOrder order, bool isDescending, PageRequest page)
    {
        using var connection = history.Open();
        return Query(filter, order, isDescending).Read(connection, page, Read);
    }

    /// <summary>Some rows from a place within the list on, for a view that scrolls anywhere. Costs a walk along an index up to there.</summary>
    /// <param name="filter">Which agents.</param>
    /// <param name="order">Their order.</param>
    /// <param name="isDescending">The largest first.</param>
    /// <param name="skip">Rows before.</param>
    /// <param name="take">Most rows.</param>
    public IReadOnlyList<AgentRow> Slice(AgentFilter filter, AgentOrder order, bool isDescending, int skip, int take)
    {
        using var connection = history.Open();
        return Query(filter, order, isDescending).Read(connection, skip, take, Read);
    }

    /// <summary>How many agents there are of a kind.</summary>
    public int Count(AgentFilter filter)
    {
        using var connection = history.Open();
        return Query(filter, AgentOrder.Id, isDescending: false).Count(connection);
    }

    /// <summary>One agent; null when history has never heard of it.</summary>
    public AgentRow? Find(string id)
    {
        using var connection = history.Open();
        return new PageQuery("agent", Columns, "id", "id", false).Where("id = ?", id).Read(connection, new PageRequest(1), Read).Items.SingleOrDefault();
    }

    private static PageQuery Query(AgentFilter filter, AgentOrder order, bool isDescending)
    {
        var query = new PageQuery("agent", Columns, Column(order), "id", isDescending)
            .WhereIf(filter.AtLeast is { } severity ? (long)severity : null, "severity >= ?")
            .WhereIf(filter.Contains is { Length: > 0 } text ? Pattern(text) : null, "id LIKE ? ESCAPE '\\'");
        if (filter.HasSuspension is { } has)
        {
            query.Where(has ? "suspension_state IS NOT NULL" : "suspension_state IS NULL");
        }

        if (filter.HasSuspension == true)
        {
            // They are few, and their own index holds nobody else.
            query.Through("agent_suspension");
        }

        return query;
    }

    private static string Column(AgentOrder order) => order switch
    {
        AgentOrder.LastSeen => "last_seen",
        AgentOrder.LastHourCalls => "last_hour_calls",
        AgentOrder.Risk => "risk",
        AgentOrder.Severity => "severity",
        AgentOrder.Anomalies => "anomalies",
        _ => "id",
    };

    private static string Pattern(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private static AgentRow Read(SqliteDataReader row) => new(
        row.GetString(0), row.Time(1), row.Time(2), row.GetDouble(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6) is >= 0 and var s ? (Severity)s : null,
        row.GetDouble(7), row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10));
}
