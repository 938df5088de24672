using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response;

/// <summary>Alerts from what they are about. Each takes the next number of its incident or suspension.</summary>
internal static class AlertFrom
{
    public static Alert About(Incident incident, AlertKind kind, DateTimeOffset time, string summary) => new(
        $"{incident.Id}-{++incident.Alerts}",
        kind,
        time,
        incident.Id,
        incident.AgentId,
        incident.Severity,
        summary,
        incident.Risk,
        incident.Anomalies,
        incident.FirstEventTime,
        incident.LastEventTime,
        incident.SuspensionId,
        [.. incident.Evidence]);

    /// <param name="suspension">The suspension.</param>
    /// <param name="incident">Its incident while that is open, else null.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="time">When.</param>
    /// <param name="summary">One sentence.</param>
    public static Alert About(Suspension suspension, Incident? incident, AlertKind kind, DateTimeOffset time, string summary) => new(
        $"{suspension.Id}-{++suspension.Alerts}",
        kind,
        time,
        suspension.IncidentId,
        suspension.AgentId,
        kind is AlertKind.SuspensionUndeliverable or AlertKind.SuspensionContradicted ? Severity.Critical : suspension.Severity,
        summary,
        incident?.Risk ?? 0,
        incident?.Anomalies ?? 0,
        incident?.FirstEventTime,
        incident?.LastEventTime,
        suspension.Id,
        [.. incident?.Evidence ?? []]);

    public static Alert About(UnregisteredAgent stranger, string other, DateTimeOffset time) => new(
        ResponseId.OfStranger(stranger.AgentId, stranger.FirstSeen),
        AlertKind.LookAlikeAgent,
        time,
        null,
        stranger.AgentId,
        Severity.Medium,
        $"an agent that is not registered goes by an id that could be mistaken for {other}",
        0,
        0,
        stranger.FirstSeen,
        stranger.LastSeen,
        null,
        []);
}
