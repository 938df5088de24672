using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Writes what the journal has changed into the tables that people look at. Owned by the journal's projection.</summary>
internal sealed class JournalTables : IDisposable
{
    private readonly SqliteStatement _entry;
    private readonly SqliteStatement _anomaly;
    private readonly SqliteStatement _alert;
    private readonly SqliteStatement _alertJson;
    private readonly SqliteStatement _incident;
    private readonly SqliteStatement _closed;
    private readonly SqliteStatement _suspension;
    private readonly SqliteStatement _suspended;
    private readonly SqliteStatement _confirmed;
    private readonly SqliteStatement _ordered;
    private readonly SqliteStatement _lifted;
    private readonly SqliteStatement _ended;
    private readonly SqliteStatement _seen;
    private readonly SqliteStatement _active;
    private readonly SqliteStatement _agent;

    public JournalTables(SqliteConnection connection)
    {
        _entry = new(connection, """
            INSERT INTO entry (position, id, kind, recorded_at, agent_id, incident_id, actor, target, summary, json) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO NOTHING
            """, 10);
        _anomaly = new(connection, """
            INSERT INTO anomaly (id, agent_id, incident_id, time, window_start, detector, feature, unit, score, observed, expected_low, expected_high, dimension,
                explanation, call_id, session_id) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING
            """, 16);
        _alert = new(connection, """
            INSERT INTO alert (id, kind, time, severity, incident_id, agent_id, suspension_id, risk, anomalies, summary) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO NOTHING RETURNING seq
            """, 10);
        _alertJson = new(connection, "INSERT INTO alert_json (seq, json) VALUES ($0, $1)", 2);
        _incident = new(connection, """
            INSERT INTO incident (id, agent_id, is_open, severity, risk, anomalies, opened_at, last_at, first_event_at, last_event_at, known_since,
                summary, credentials, evidence) VALUES ($0, $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET severity = $2, risk = $3, anomalies = $4, last_at = $6, last_event_at = $8, summary = $10, credentials = $11, evidence = $12
            """, 13);
        _closed = new(connection, "UPDATE incident SET is_open = 0, closed_at = $1, closed_because = $2 WHERE id = $0", 3);
        _suspension = new(connection, """
            INSERT INTO suspension (id, agent_id, incident_id, state, severity, is_automatic, decided_by, reason, decided_at, expires_at, target, target_id, verification, residual_access, policy_version, rule, credentials)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '[]')
            ON CONFLICT (id) DO UPDATE SET state = $3, decided_by = $6, expires_at = $9, verification = $12, residual_access = $13
            """, 16);
        _suspended = new(connection, """
            UPDATE incident SET suspension_id = (SELECT id FROM suspension WHERE agent_id = $1 AND incident_id = $0 ORDER BY seq DESC LIMIT 1) WHERE id = $0
            """, 2);
        _confirmed = new(connection, "UPDATE suspension SET confirmed_at = $1 WHERE id = $0", 2);
        _ordered = new(connection, "UPDATE suspension SET ordered_at = $1, credentials = $2 WHERE id = $0", 3);
        _lifted = new(connection, "UPDATE suspension SET lift_ordered_at = $1, lifted_by = $2, lift_reason = $3 WHERE id = $0", 4);
        _ended = new(connection, "UPDATE suspension SET state = CASE state WHEN 'proposed' THEN 'withdrawn' ELSE 'ended' END, ended_at = $1 WHERE id = $0 AND ended_at IS NULL", 2);
        _seen = new(connection, """
            INSERT INTO agent (id, known_since, last_seen, anomalies) VALUES ($0, $1, $2, 1)
            ON CONFLICT (id) DO UPDATE SET known_since = min(known_since, $1), last_seen = max(last_seen, $2), anomalies = anomalies + 1
            """, 3);
        _active = new(connection, """
            INSERT INTO agent (id, known_since, last_seen) VALUES ($0, $1, $1)
            ON CONFLICT (id) DO UPDATE SET known_since = min(known_since, $1), last_seen = max(last_seen, $1)
            """, 2);
        _agent = new(connection, """
            INSERT INTO agent (id, known_since, last_seen) VALUES ($0, $1, $1) ON CONFLICT (id) DO NOTHING;
            UPDATE agent SET (incident_id, severity, risk) = (SELECT id, severity, risk FROM
                    (SELECT id, severity, risk FROM incident WHERE agent_id = $0 AND is_open = 1 ORDER BY opened_at DESC LIMIT 1) UNION ALL SELECT NULL, -1, 0 LIMIT 1),
                (suspension_id, suspension_state) = (SELECT id, state FROM
                    (SELECT id, state FROM suspension WHERE agent_id = $0 AND ended_at IS NULL ORDER BY decided_at DESC, seq DESC LIMIT 1) UNION ALL SELECT NULL, NULL LIMIT 1)
            WHERE id = $0
            """, 2);
    }

    /// <summary>Writes everything, once: an entry or alert that is there already stays as it is.</summary>
    public void Write(SqliteTransaction transaction, JournalChanges changes)
    {
        foreach (var (position, entry, json, agentId, incidentId) in changes.Entries)
        {
            WriteEntry(transaction, position, entry, json, agentId, incidentId);
        }

        foreach (var incident in changes.Incidents.Values)
        {
            WriteIncident(transaction, incident);
        }

        foreach (var suspension in changes.Suspensions.Values)
        {
            WriteSuspension(transaction, suspension, changes);
        }

        WriteOrders(transaction, changes.Orders);
        WriteAlerts(transaction, changes.Alerts);
        foreach (var (id, at) in changes.Ended)
        {
            _ended.Run(transaction, id, Time(at));
        }

        foreach (var (agentId, at) in changes.Agents)
        {
            _agent.Run(transaction, agentId, Time(at));
        }
    }

    public void Dispose()
    {
        SqliteStatement[] all =
            [_entry, _anomaly, _alert, _alertJson, _incident, _closed, _suspension, _suspended, _confirmed, _ordered, _lifted, _ended, _seen, _active, _agent];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    private void WriteEntry(SqliteTransaction transaction, long position, JournalEntry entry, string json, string? agentId, string? incidentId)
    {
        var (kind, actor, target, summary) = entry switch
        {
            AnomalyFound { Anomaly: var anomaly } => ("anomaly", null, anomaly.Id, anomaly.Evidence.Explanation),
            OperatorCommand command => ("command", command.Actor, command.Target, $"{Name(command.Command)}: {command.Reason}"),
            DeliveryReport report => ("delivery", null, report.SuspensionId, $"{Name(report.Outcome)} after {report.Attempts} attempt(s): {report.Detail}"),
            AgentSeen => ("seen", null, null, "an agent that is not registered acted"),
            FleetReport report => ("fleet", (string?)null, (string?)null, $"{report.Census.ActiveAgents} agents active within a day on partition {report.Partition}"),
            _ => (Name(entry.GetType().Name), null, null, ""),
        };
        if (_entry.Run(transaction, position, entry.Id, kind, Time(entry.RecordedAt), agentId, incidentId, actor, target, summary, json) != 1)
        {
            return;
        }

        if (entry is AnomalyFound found)
        {
            WriteAnomaly(transaction, found, incidentId);
        }
        else if (entry is AgentSeen unknown)
        {
            _active.Run(transaction, unknown.AgentId, Time(unknown.Time));
        }
    }

    private void WriteAnomaly(SqliteTransaction transaction, AnomalyFound found, string? incidentId)
    {
        var (anomaly, evidence) = (found.Anomaly, found.Anomaly.Evidence);
        _anomaly.Run(
            transaction, anomaly.Id, anomaly.AgentId, incidentId, Time(anomaly.Time), Time(anomaly.WindowStart), evidence.Detector, evidence.Feature, evidence.Unit,
            evidence.Score, evidence.Observed, evidence.ExpectedLow, evidence.ExpectedHigh, evidence.Dimension, evidence.Explanation, anomaly.CallId, anomaly.SessionId);
        _seen.Run(transaction, anomaly.AgentId, Time(anomaly.KnownSince), Time(anomaly.Time));
    }

    private void WriteIncident(SqliteTransaction transaction, Incident incident) => _incident.Run(
        transaction, incident.Id, incident.AgentId, (long)incident.Severity, incident.Risk, incident.Anomalies, Time(incident.OpenedAt), Time(incident.LastAt),
        Time(incident.FirstEventTime), Time(incident.LastEventTime), Time(incident.KnownSince),
        incident.Evidence.Count > 0 ? incident.Evidence[0].Explanation : "", JsonSerializer.Serialize(incident.Credentials), Encoding.UTF8.GetString(JournalJson.Write(incident.Evidence)));

    private void WriteSuspension(SqliteTransaction transaction, Core.Response.Suspension suspension, JournalChanges changes)
    {
        var decidedAt = changes.Alerts.FirstOrDefault(a => a.SuspensionId == suspension.Id)?.Time ?? suspension.OrderedAt;
        _suspension.Run(
            transaction, suspension.Id, suspension.AgentId, suspension.IncidentId, Name(suspension.State), (long)suspension.Severity, suspension.IsAutomatic ? 1 : 0,
            suspension.DecidedBy, suspension.Reason, Time(decidedAt), Time(suspension.ExpiresAt), Name(suspension.Target.Kind), suspension.Target.Id,
            suspension.Verification is { } verification ? Name(verification) : null, suspension.ResidualAccess?.TotalSeconds,
            suspension.PolicyVersion, suspension.Rule);
        if (suspension.IncidentId is not null)
        {
            _suspended.Run(transaction, suspension.IncidentId, suspension.AgentId);
        }
    }

    private void WriteOrders(SqliteTransaction transaction, List<SuspensionOrder> orders)
    {
        foreach (var order in orders)
        {
            if (order.Action == SuspensionAction.Suspend)
            {
                _ordered.Run(transaction, order.SuspensionId, Time(order.Time), JsonSerializer.Serialize(order.Credentials));
            }
            else
            {
                _lifted.Run(transaction, order.SuspensionId, Time(order.Time), order.DecidedBy, order.Reason);
            }
        }
    }

    private void WriteAlerts(SqliteTransaction transaction, List<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            var seq = _alert.Number(
                transaction, alert.Id, Name(alert.Kind), Time(alert.Time), (long)alert.Severity, alert.IncidentId, alert.AgentId, alert.SuspensionId, alert.Risk, alert.Anomalies, alert.Summary);
            if (seq is null)
            {
                continue;
            }

            _alertJson.Run(transaction, seq, Encoding.UTF8.GetString(JournalJson.Write(alert)));
            if (alert.Kind == AlertKind.Closed && alert.IncidentId is not null)
            {
                _closed.Run(transaction, alert.IncidentId, Time(alert.Time), alert.Summary);
            }
            else if (alert.Kind == AlertKind.SuspensionConfirmed)
            {
                _confirmed.Run(transaction, alert.SuspensionId, Time(alert.Time));
            }
        }
    }

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static string Name<T>(T value)
        where T : notnull => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!);
}
