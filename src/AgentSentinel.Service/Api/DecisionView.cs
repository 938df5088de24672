namespace AgentSentinel.Service.Api;

/// <summary>A decision, for the document: the answers themselves are written ahead (<see cref="Decisions.DecisionAnswer"/>).</summary>
/// <param name="Decision"><c>allow</c> or <c>deny</c>.</param>
/// <param name="IsCurrent">Whether the journal was read to its end of late.</param>
/// <param name="Reason">Why it is denied.</param>
/// <param name="ExpiresAt">When the suspension is lifted by itself.</param>
/// <param name="SuspensionId">The suspension.</param>
/// <param name="Target">What is suspended: <c>agent</c>, <c>session</c> or <c>credential</c>.</param>
internal sealed record DecisionView(string Decision, bool IsCurrent, string? Reason, DateTimeOffset? ExpiresAt, string? SuspensionId, string? Target);
