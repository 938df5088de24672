using AgentSentinel.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Counts for a page's head.</summary>
public sealed class OverviewQueries(HistoryReader history)
{
    /// <summary>As of one moment. Costs a count of the agents and of what is open.</summary>
    public HistoryOverview Read()
    {
        using var connection = history.Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        var incidents = Groups(connection, transaction, "SELECT severity, count(*) FROM incident WHERE is_open = 1 GROUP BY severity");
        var suspensions = Groups(connection, transaction, "SELECT suspension_state, count(*) FROM agent WHERE suspension_state IS NOT NULL GROUP BY suspension_state");
        var numbers = Groups(connection, transaction, "SELECT 'agents', count(*) FROM agent UNION ALL SELECT 'position', coalesce(max(position) + 1, 0) FROM entry");
        return new HistoryOverview(
            (long)numbers.Single(n => n.Key is "agents").Count,
            incidents.ToDictionary(i => (Severity)(long)i.Key, i => i.Count),
            suspensions.ToDictionary(s => (string)s.Key, s => s.Count),
            numbers.Single(n => n.Key is "position").Count);
    }

    private static List<(object Key, long Count)> Groups(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var groups = new List<(object, long)>();
        while (rows.Read())
        {
            groups.Add((rows.GetValue(0), rows.GetInt64(1)));
        }

        return groups;
    }
}
