using AgentSentinel.Core;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.History;

/// <summary>What a batch of journal entries has changed, gathered while the engine takes them, to be written in one transaction.</summary>
internal sealed class JournalChanges
{
    /// <summary>The entries, with their position, their JSON, and the agent and the incident that they are about.</summary>
    public List<(long Position, JournalEntry Entry, string Json, string? AgentId, string? IncidentId)> Entries { get; } = [];

    /// <summary>Alerts, in order.</summary>
    public List<Alert> Alerts { get; } = [];

    /// <summary>Orders, in order.</summary>
    public List<SuspensionOrder> Orders { get; } = [];

    /// <summary>Incidents that may have changed, as the engine left them: one that closed has its last state.</summary>
    public Dictionary<string, Incident> Incidents { get; } = new(StringComparer.Ordinal);

    /// <summary>Suspensions that may have changed, as the engine left them: one that ended has its last state.</summary>
    public Dictionary<string, Core.Response.Suspension> Suspensions { get; } = new(StringComparer.Ordinal);

    /// <summary>When each suspension that is over ended.</summary>
    public Dictionary<string, DateTimeOffset> Ended { get; } = new(StringComparer.Ordinal);

    /// <summary>Agents whose incident or suspension may have changed, and when that was.</summary>
    public Dictionary<string, DateTimeOffset> Agents { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => Entries.Count + Alerts.Count + Orders.Count == 0;

    /// <summary>Lets the engine take an entry and notes what came of it.</summary>
    public void Process(ResponseEngine engine, long position, JournalEntry entry, string json, ResponseOutput output)
    {
        // A lift that was delivered ends a suspension without a word: what stands before has to be known.
        var agentBefore = AgentOf(engine, entry);
        Note(engine, agentBefore, entry.RecordedAt);
        var incidentId = IncidentOf(engine, entry);
        engine.Process(entry, output);
        var agentId = AgentOf(engine, entry);
        Take(engine, entry.RecordedAt, output);
        Note(engine, agentId, entry.RecordedAt);
        MarkEnded(engine, entry.RecordedAt);
        Entries.Add((position, entry, json, (entry as AgentSeen)?.AgentId ?? agentId ?? agentBefore, IncidentOf(engine, entry) ?? incidentId));
    }

    /// <summary>Lets time go on and notes what came of it.</summary>
    public void Advance(ResponseEngine engine, DateTimeOffset now, ResponseOutput output)
    {
        engine.Advance(now, output);
        Take(engine, now, output);
        MarkEnded(engine, now);
    }

    private void Take(ResponseEngine engine, DateTimeOffset at, ResponseOutput output)
    {
        foreach (var alert in output.Alerts)
        {
            Note(engine, alert.AgentId, at);
            if (alert.SuspensionId is { } id && !engine.Suspensions.ContainsKey(id))
            {
                Ended.TryAdd(id, alert.Time);
            }
        }

        foreach (var order in output.Orders)
        {
            Note(engine, order.AgentId, at);
        }

        Alerts.AddRange(output.Alerts);
        Orders.AddRange(output.Orders);
        output.Clear();
        MarkEnded(engine, at);
    }

    private void Note(ResponseEngine engine, string? agentId, DateTimeOffset at)
    {
        // Alerts about the automation itself name no agent.
        if (string.IsNullOrEmpty(agentId))
        {
            return;
        }

        Agents.TryAdd(agentId, at);
        if (engine.OpenIncidents.TryGetValue(agentId, out var incident))
        {
            Incidents[incident.Id] = incident;
        }

        foreach (var suspension in engine.Suspensions.Values)
        {
            if (suspension.AgentId == agentId)
            {
                Suspensions[suspension.Id] = suspension;
            }
        }
    }

    private void MarkEnded(ResponseEngine engine, DateTimeOffset at)
    {
        foreach (var id in Suspensions.Keys)
        {
            if (!engine.Suspensions.ContainsKey(id))
            {
                Ended.TryAdd(id, at);
            }
        }
    }

    private static string? AgentOf(ResponseEngine engine, JournalEntry entry) => entry switch
    {
        AnomalyFound found => found.Anomaly.AgentId,
        OperatorCommand { Command: OperatorCommandKind.Suspend } command => command.Target,
        OperatorCommand command => SuspensionOf(engine, command.Target)?.AgentId ?? engine.OpenIncidents.Values.FirstOrDefault(i => i.Id == command.Target)?.AgentId,
        DeliveryReport report => SuspensionOf(engine, report.SuspensionId)?.AgentId,
        _ => null,
    };

    private static string? IncidentOf(ResponseEngine engine, JournalEntry entry) => entry switch
    {
        AnomalyFound found => engine.OpenIncidents.GetValueOrDefault(found.Anomaly.AgentId)?.Id,
        OperatorCommand command => SuspensionOf(engine, command.Target)?.IncidentId ?? (command.Target.StartsWith("inc_", StringComparison.Ordinal) ? command.Target : null),
        DeliveryReport report => SuspensionOf(engine, report.SuspensionId)?.IncidentId,
        _ => null,
    };

    private static Core.Response.Suspension? SuspensionOf(ResponseEngine engine, string id) => engine.Suspensions.GetValueOrDefault(id);
}
