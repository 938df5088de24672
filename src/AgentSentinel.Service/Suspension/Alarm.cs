using System.Threading.Channels;

namespace AgentSentinel.Service.Suspension;

/// <summary>What a loop waits on: rung by hand or at a set time. Rings before the wait are remembered as one. One waiter.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly TimeProvider time;
    private readonly ITimer timer;

    // Capacity 1, a second ring is dropped: the loop looks at everything whenever it wakes.
    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Alarm(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Ring() => rings.Writer.TryWrite(true);

    public void SetFor(DateTimeOffset at)
    {
        var wait = at - time.GetUtcNow();
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        // The time may have been reached between the two lines above, and the timer would then be late by as much.
        if (time.GetUtcNow() >= at)
        {
            Ring();
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken) => await rings.Reader.ReadAsync(cancellationToken);

    public void Dispose() => timer.Dispose();
}
