using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>The journal's entries in history, in the order of the journal.</summary>
public sealed class AuditQueries(HistoryReader history)
{
    private const string Columns = "position, id, kind, recorded_at, agent_id, incident_id, actor, target, summary";

    /// <exception cref="InvalidCursorException">The page asked for is none of this list and order.</exception>
    public Page<AuditRow> List(AuditFilter filter, bool isDescending, PageRequest page)
    {
        using var connection = history.Open();
        var query = new PageQuery("entry", Columns, "position", "position", isDescending)
            .WhereIf(filter.AgentId, "agent_id = ?")
            .WhereIf(filter.IncidentId, "incident_id = ?")
            .WhereAny("kind", filter.Kinds)
            .WhereIf(filter.Actor, "actor = ?")
            .WhereIf(filter.IsVerdict ? "verdict" : null, "json ->> '$.command' = ?")
            .Within("recorded_at", filter.From, filter.Before);
        if ((filter.From ?? filter.Before) is not null && filter.AgentId is null && filter.IncidentId is null)
        {
            query.Through("entry_time");
        }

        return query.Read(connection, page, Read);
    }

    /// <summary>An entry in full, as it stands in the journal; null when it is not there (any more).</summary>
    public string? FindJson(string id)
    {
        using var connection = history.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM entry WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return command.ExecuteScalar() as string;
    }

    private static AuditRow Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.Time(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.GetString(8));
}
