using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension;

/// <summary>The result of one attempt.</summary>
/// <param name="Kind">What it came to.</param>
/// <param name="StatusCode">The response's status, or null when there was no response.</param>
/// <param name="Reason">A short word of ours in snake_case, of bounded cardinality; never text from the response.</param>
/// <param name="Duration">From before the first connection to the last response.</param>
/// <param name="RetryAfter">What the receiver asked for, unbounded as it came; null when it did not ask. Not stored.</param>
internal sealed record AttemptOutcome(AttemptKind Kind, int? StatusCode, string Reason, TimeSpan Duration, TimeSpan? RetryAfter = null)
{
    /// <summary>What reading back said.</summary>
    public ReadBack ReadBack { get; init; }

    /// <summary>How long access that was granted before may live on at most, as far as the adapter knows; null when it does not.</summary>
    public TimeSpan? ResidualAccess { get; init; }

    /// <summary>What a response that is no success means for an order. A 410 is left to the receivers for which it says more.</summary>
    /// <param name="response">The response, or what came instead.</param>
    /// <param name="prefix">At which step, as the begin of the reason.</param>
    public static AttemptOutcome Failure(OutboundResponse response, string prefix = "")
    {
        var kind = response.Status switch
        {
            null => response.Reason == OutboundResponse.TargetNotAllowed ? AttemptKind.Refused : AttemptKind.Failed,
            429 or 502 or 504 => AttemptKind.Throttled,
            >= 400 and < 500 => AttemptKind.Rejected,
            _ => AttemptKind.Failed,
        };
        return new AttemptOutcome(kind, response.Status, prefix + response.Reason, response.Duration, response.RetryAfter);
    }
}
