using AgentSentinel.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Incidents and their anomalies in history.</summary>
public sealed class IncidentQueries(HistoryReader history)
{
    private const string Columns = """
        id, agent_id, is_open, severity, risk, anomalies, opened_at, last_at, first_event_at, last_event_at, known_since, closed_at, closed_because, suspension_id,
        summary, credentials, evidence
        """;

    private const string AnomalyColumns = """
        id, agent_id, incident_id, time, window_start, detector, feature, unit, score, observed, expected_low, expected_high, dimension, explanation, call_id, session_id
        """;

    /// <exception cref="InvalidCursorException">The page asked for is none of this list and order.</exception>
    public Page<IncidentRow> List(IncidentFilter filter, IncidentOrder order, bool isDescending, PageRequest page)
    {
        using var connection = history.Open();
        var (key, index) = order switch
        {
            IncidentOrder.Last => ("last_at", "incident_last"),
            IncidentOrder.Risk => ("risk", "incident_risk"),
            _ => ("opened_at", "incident_opened"),
        };

        // An agent has few, and few are open: those are found first and then ordered. All others are met in their order.
        return new PageQuery("incident", Columns, key, "seq", isDescending)
            .Through(filter.AgentId is not null ? "incident_agent" : filter.IsOpen == true ? "incident_open" : index)
            .WhereIf(filter.AgentId, "agent_id = ?")
            .WhereIf(filter.IsOpen is { } isOpen ? (isOpen ? 1L : 0L) : null, "is_open = ?")
            .WhereIf(filter.AtLeast is { } severity ? (long)severity : null, "severity >= ?")
            .Within("opened_at", filter.From, filter.Before)
            .Read(connection, page, Read);
    }

    /// <summary>One incident; null when it is not there (any more).</summary>
    public IncidentRow? Find(string id)
    {
        using var connection = history.Open();
        return new PageQuery("incident", Columns, "seq", "seq", false).Where("id = ?", id).Read(connection, new PageRequest(1), Read).Items.SingleOrDefault();
    }

    /// <summary>The anomalies of an incident, in order of event time.</summary>
    public Page<AnomalyRow> Anomalies(string incidentId, PageRequest page)
    {
        using var connection = history.Open();
        return new PageQuery("anomaly", AnomalyColumns, "time", "seq", false).Where("incident_id = ?", incidentId).Read(connection, page, ReadAnomaly);
    }

    /// <summary>The anomalies of an agent within a span of event time, in order.</summary>
    public Page<AnomalyRow> Anomalies(string agentId, DateTimeOffset from, DateTimeOffset before, PageRequest page)
    {
        using var connection = history.Open();
        return new PageQuery("anomaly", AnomalyColumns, "time", "seq", false).Where("agent_id = ?", agentId).Within("time", from, before).Read(connection, page, ReadAnomaly);
    }

    private static IncidentRow Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2) == 1, (Severity)row.GetInt64(3), row.GetDouble(4), row.GetInt64(5), row.Time(6), row.Time(7), row.Time(8),
        row.Time(9), row.Time(10), row.TimeOrNull(11), row.TextOrNull(12), row.TextOrNull(13), row.GetString(14), row.GetString(15), row.GetString(16));

    private static AnomalyRow ReadAnomaly(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TextOrNull(2), row.Time(3), row.Time(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetDouble(8),
        row.GetDouble(9), row.GetDouble(10), row.GetDouble(11), row.TextOrNull(12), row.GetString(13), row.TextOrNull(14), row.TextOrNull(15));
}
