using System.Threading.Channels;

namespace AgentSentinel.Service.Live;

/// <summary>One reader of the <see cref="LiveFeed"/>. One that is too slow loses the oldest events, and is told so; nobody waits for it.</summary>
public sealed class FeedReader : IDisposable
{
    private readonly LiveFeed _feed;
    private readonly Channel<FeedEvent> _channel;
    private long _lost;

    internal FeedReader(LiveFeed feed, int capacity)
    {
        _feed = feed;
        _channel = Channel.CreateBounded<FeedEvent>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
    }

    /// <summary>True when there is something to read; false when the service stops.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The next event, without waiting. After a loss the first is a <c>gap</c>.</summary>
    public bool TryRead(out FeedEvent? next)
    {
        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            next = LiveFeed.Gap(lost);
            return true;
        }

        return _channel.Reader.TryRead(out next);
    }

    /// <inheritdoc/>
    public void Dispose() => _feed.Remove(this);

    internal void Tell(FeedEvent told) => _channel.Writer.TryWrite(told);

    internal void End() => _channel.Writer.TryComplete();
}
