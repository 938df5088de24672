namespace AgentSentinel.Service.Sinks;

/// <summary>A token bucket: some messages at once, then one per interval. Used by one task.</summary>
internal sealed class MessagePace(int burst, TimeSpan interval, TimeProvider time)
{
    // The moment at which the bucket is full; further in the future by one interval for each message that was let through.
    private DateTimeOffset _fullAt = DateTimeOffset.MinValue;

    /// <summary>Returns when the next message may go.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var wait = (_fullAt > now ? _fullAt : now) + interval - now - (burst * interval);
        _fullAt = (_fullAt > now ? _fullAt : now) + interval;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
