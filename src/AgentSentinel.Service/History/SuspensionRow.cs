using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>A suspension in history.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="IncidentId">The incident that led to it, or null.</param>
/// <param name="State">In snake_case: the states of the response engine while it lives, then <c>ended</c>, or <c>withdrawn</c> when it was proposed only.</param>
/// <param name="Severity">Severity of the incident when it was decided.</param>
/// <param name="IsAutomatic">Ordered by the policy, without a person.</param>
/// <param name="DecidedBy">Who or what decided.</param>
/// <param name="Reason">Why. May quote telemetry: data.</param>
/// <param name="DecidedAt">When it was proposed or ordered.</param>
/// <param name="OrderedAt">When it was ordered, or null.</param>
/// <param name="ExpiresAt">When it is lifted by itself.</param>
/// <param name="ConfirmedAt">When the receiver accepted it, or null.</param>
/// <param name="LiftOrderedAt">When its lift was ordered, or null.</param>
/// <param name="LiftedBy">Who or what ordered the lift, or null.</param>
/// <param name="LiftReason">Why, or null.</param>
/// <param name="EndedAt">When it was over, or null.</param>
/// <param name="CredentialsJson">Credentials it was about, as a JSON array of texts.</param>
/// <param name="Target">What it stops: <c>agent</c>, <c>session</c> or <c>credential</c>.</param>
/// <param name="TargetId">The id of that. Text from telemetry: data.</param>
/// <param name="Verification">What reading back said of the order or lift that was delivered last, in snake_case; null before.</param>
/// <param name="ResidualAccess">How long access that was granted before may go on after it; null when the way of suspending does not tell.</param>
/// <param name="PolicyVersion">Version of the policy that led to it; null when a person ordered it.</param>
/// <param name="Rule">Rule of the policy that led to it; null when a person ordered it.</param>
public sealed record SuspensionRow(
    string Id,
    string AgentId,
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
    string CredentialsJson,
    string Target,
    string TargetId,
    string? Verification,
    TimeSpan? ResidualAccess,
    string? PolicyVersion,
    string? Rule);
