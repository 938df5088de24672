using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Sinks;

/// <summary>A sink's place did not take an alert, in our words.</summary>
internal sealed class SinkException : Exception
{
    /// <param name="reason">A short word in snake_case, of bounded cardinality; never text of the other side.</param>
    /// <param name="isTransient">Whether the same alert may be taken a little later.</param>
    /// <param name="retryAfter">What the other side asked for, or null.</param>
    public SinkException(string reason, bool isTransient, TimeSpan? retryAfter = null)
        : base($"Not taken: {reason}.")
    {
        Reason = reason;
        IsTransient = isTransient;
        RetryAfter = retryAfter;
    }

    public string Reason { get; }

    public bool IsTransient { get; }

    public TimeSpan? RetryAfter { get; }

    /// <summary>Throws when a request was not successful: 4xx is the request's own fault and final, except for 408, 425 and 429.</summary>
    public static void ThrowIfNot(OutboundResponse response)
    {
        if (!response.IsSuccess)
        {
            throw new SinkException(response.Reason, response.Status switch
            {
                null => response.Reason != OutboundResponse.TargetNotAllowed,
                408 or 425 or 429 or >= 500 => true,
                _ => false,
            }, response.RetryAfter);
        }
    }
}
