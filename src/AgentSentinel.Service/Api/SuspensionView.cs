using System.ComponentModel;
using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Api;

/// <summary>A suspension as the API shows it; see <see cref="SuspensionRow"/>.</summary>
internal sealed record SuspensionView(
    string Id,
    string AgentId,
    string Target,
    string TargetId,
    string? IncidentId,
    string State,
    Severity Severity,
    bool IsAutomatic,
    string DecidedBy,
    string Reason,
    DateTimeOffset DecidedAt,
    DateTimeOffset? OrderedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? ConfirmedAt,
    DateTimeOffset? LiftOrderedAt,
    string? LiftedBy,
    string? LiftReason,
    DateTimeOffset? EndedAt,
    JsonElement Credentials,
    [property: Description("What reading back said of the order or lift that was delivered last: pending, verified, contradicted or not_verifiable; null before.")] string? Verification,
    [property: Description("For how many seconds access that was granted before may go on after the suspension; null when the way of suspending does not tell.")] double? ResidualAccessSeconds,
    [property: Description("Version of the policy that led to it; null when a person ordered it.")] string? PolicyVersion,
    [property: Description("Rule of the policy that led to it; null when a person ordered it.")] string? Rule)
{
    public static SuspensionView Of(SuspensionRow row) => new(
        row.Id, row.AgentId, row.Target, row.TargetId, row.IncidentId, row.State, row.Severity, row.IsAutomatic, row.DecidedBy, row.Reason, row.DecidedAt, row.OrderedAt, row.ExpiresAt,
        row.ConfirmedAt, row.LiftOrderedAt, row.LiftedBy, row.LiftReason, row.EndedAt, JsonElement.Parse(row.CredentialsJson), row.Verification, row.ResidualAccess?.TotalSeconds, row.PolicyVersion,
        row.Rule);
}
