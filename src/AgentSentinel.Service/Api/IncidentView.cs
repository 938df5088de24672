using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Api;

/// <summary>An incident as the API shows it; see <see cref="IncidentRow"/>.</summary>
internal sealed record IncidentView(
    string Id,
    string AgentId,
    bool IsOpen,
    Severity Severity,
    double Risk,
    long Anomalies,
    DateTimeOffset OpenedAt,
    DateTimeOffset LastAt,
    DateTimeOffset FirstEventTime,
    DateTimeOffset LastEventTime,
    DateTimeOffset KnownSince,
    DateTimeOffset? ClosedAt,
    string? ClosedBecause,
    string? SuspensionId,
    string Summary,
    JsonElement Credentials,
    JsonElement Evidence)
{
    public static IncidentView Of(IncidentRow row) => new(
        row.Id, row.AgentId, row.IsOpen, row.Severity, row.Risk, row.Anomalies, row.OpenedAt, row.LastAt, row.FirstEventTime, row.LastEventTime, row.KnownSince,
        row.ClosedAt, row.ClosedBecause, row.SuspensionId, row.Summary, JsonElement.Parse(row.CredentialsJson), JsonElement.Parse(row.EvidenceJson));
}
