namespace AgentSentinel.Service.Sinks;

/// <summary>How often and when a sink is asked again after a failure that may pass. Short: an alert an hour late helps nobody, and others wait behind it.</summary>
internal static class SinkRetry
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The wait before the next attempt; null: no more.</summary>
    /// <param name="error">What the attempt failed with.</param>
    /// <param name="attempts">Attempts so far.</param>
    public static TimeSpan? After(Exception error, int attempts)
    {
        if (error is not SinkException { IsTransient: true } failure || attempts > Waits.Length)
        {
            return null;
        }

        var wait = Waits[attempts - 1];
        return failure.RetryAfter is not { } asked || asked <= wait ? wait : asked < LongestWait ? asked : LongestWait;
    }
}
