using System.Text.Json;
using AgentSentinel.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Alerts in history.</summary>
public sealed class AlertQueries(HistoryReader history)
{
    private const string Columns = "id, kind, time, severity, incident_id, agent_id, suspension_id, risk, anomalies, summary";

    /// <exception cref="InvalidCursorException">The page asked for is none of this list and order.</exception>
    public Page<AlertRow> List(AlertFilter filter, AlertOrder order, bool isDescending, PageRequest page)
    {
        using var connection = history.Open();
        var key = order switch { AlertOrder.Severity => "severity", AlertOrder.Risk => "risk", _ => "time" };

        // An agent or an incident has few alerts: whatever the order, theirs are found first and then ordered.
        var index = filter.IncidentId is not null ? "alert_incident"
            : filter.AgentId is not null ? "alert_agent"
            : filter.Kinds is { Count: 1 } && order == AlertOrder.Time ? "alert_kind"
            : $"alert_{key}";
        return new PageQuery("alert", Columns, key, "seq", isDescending)
            .Through(index)
            .WhereIf(filter.IncidentId, "incident_id = ?")
            .WhereIf(filter.AgentId, "agent_id = ?")
            .WhereIf(filter.AtLeast is { } severity ? (long)severity : null, "severity >= ?")
            .WhereAny("kind", filter.Kinds?.Select(k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString())).ToArray())
            .Within("time", filter.From, filter.Before)
            .Read(connection, page, Read);
    }

    /// <summary>One alert in full, as the JSON that its sinks were given; null when it is not there (any more).</summary>
    public string? FindJson(string id)
    {
        using var connection = history.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM alert JOIN alert_json USING (seq) WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return command.ExecuteScalar() as string;
    }

    private static AlertRow Read(SqliteDataReader row) => new(
        row.GetString(0), row.Name<AlertKind>(1), row.Time(2), (Severity)row.GetInt64(3), row.TextOrNull(4), row.GetString(5), row.TextOrNull(6), row.GetDouble(7),
        row.GetInt64(8), row.GetString(9));
}
