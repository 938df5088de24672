namespace AgentSentinel.Service.History;

/// <summary>A journal entry in history.</summary>
/// <param name="Position">Its offset in the journal.</param>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is: anomaly, command, delivery, seen, fleet, or the name of a later kind in snake_case.</param>
/// <param name="RecordedAt">When it was written, by its writer's clock.</param>
/// <param name="AgentId">The agent it is about, or null. Text from telemetry: data.</param>
/// <param name="IncidentId">The incident it belongs to, or null.</param>
/// <param name="Actor">Who commanded it, or null.</param>
/// <param name="Target">What it is about: an anomaly, an incident, a suspension, an agent; or null.</param>
/// <param name="Summary">One sentence. May quote telemetry: data.</param>
public sealed record AuditRow(
    long Position, string Id, string Kind, DateTimeOffset RecordedAt, string? AgentId, string? IncidentId, string? Actor, string? Target, string Summary);
