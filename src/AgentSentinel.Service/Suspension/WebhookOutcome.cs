namespace AgentSentinel.Service.Suspension;

/// <summary>The result of one attempt.</summary>
/// <param name="Kind">What it came to.</param>
/// <param name="StatusCode">The response's status, or null when there was no response.</param>
/// <param name="Reason">A short word of ours in snake_case, of bounded cardinality; never text from the response.</param>
/// <param name="Duration">From before the connection to the response's status.</param>
/// <param name="RetryAfter">What the receiver asked for, unbounded as it came; null when it did not ask. Not stored.</param>
internal sealed record WebhookOutcome(WebhookOutcomeKind Kind, int? StatusCode, string Reason, TimeSpan Duration, TimeSpan? RetryAfter = null);
