namespace AgentSentinel.Service.Outbound;

/// <summary>What came of one request.</summary>
/// <param name="Status">The response's status, or null when there was none.</param>
/// <param name="Reason">A short word of ours in snake_case, of bounded cardinality; never text from the response.</param>
/// <param name="Body">As much of the body as was asked for; empty otherwise. Foreign text: data.</param>
/// <param name="Duration">From before the connection to the end of what was read.</param>
/// <param name="RetryAfter">What the receiver asked for, unbounded as it came; null when it did not ask.</param>
internal sealed record OutboundResponse(int? Status, string Reason, ReadOnlyMemory<byte> Body, TimeSpan Duration, TimeSpan? RetryAfter = null)
{
    /// <summary>The reason of a target whose addresses are all refused.</summary>
    public const string TargetNotAllowed = "target_not_allowed";

    /// <summary>The reason of an attempt that took too long.</summary>
    public const string TimedOut = "timeout";

    public bool IsSuccess => Status is >= 200 and < 300;
}
