using AgentSentinel.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Suspensions in history, by when they were decided.</summary>
public sealed class SuspensionQueries(HistoryReader history)
{
    private const string Columns = """
        id, agent_id, incident_id, state, severity, is_automatic, decided_by, reason, decided_at, ordered_at, expires_at, confirmed_at, lift_ordered_at, lifted_by,
        lift_reason, ended_at, credentials, target, target_id, verification, residual_access, policy_version, rule
        """;

    /// <exception cref="InvalidCursorException">The page asked for is none of this list and order.</exception>
    public Page<SuspensionRow> List(SuspensionFilter filter, bool isDescending, PageRequest page)
    {
        using var connection = history.Open();
        var query = new PageQuery("suspension", Columns, "decided_at", "seq", isDescending)
            .WhereIf(filter.AgentId, "agent_id = ?")
            .WhereAny("state", filter.States);
        if (filter.HasEnded is { } hasEnded)
        {
            query.Where(hasEnded ? "ended_at IS NOT NULL" : "ended_at IS NULL");
        }

        return query.Read(connection, page, Read);
    }

    /// <summary>One suspension; null when it is not there (any more).</summary>
    public SuspensionRow? Find(string id)
    {
        using var connection = history.Open();
        return new PageQuery("suspension", Columns, "seq", "seq", false).Where("id = ?", id).Read(connection, new PageRequest(1), Read).Items.SingleOrDefault();
    }

    private static SuspensionRow Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), (Severity)row.GetInt64(4), row.GetInt64(5) == 1, row.GetString(6), row.GetString(7),
        row.Time(8), row.TimeOrNull(9), row.Time(10), row.TimeOrNull(11), row.TimeOrNull(12), row.TextOrNull(13), row.TextOrNull(14), row.TimeOrNull(15), row.GetString(16),
        row.GetString(17), row.GetString(18), row.TextOrNull(19), row.IsDBNull(20) ? null : TimeSpan.FromSeconds(row.GetDouble(20)), row.TextOrNull(21), row.TextOrNull(22));
}
