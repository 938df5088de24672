using System.Threading.Channels;

namespace AgentSentinel.Service.Suspension;

/// <summary>What a loop waits on: rung by hand or at a set time. Rings before the wait are remembered as one. One waiter.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Capacity 1, a second ring is dropped: the loop looks at everything whenever it wakes.
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Alarm(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Ring() => _rings.Writer.TryWrite(true);

    public void SetFor(DateTimeOffset at)
    {
        var wait = at - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        // The time may have been reached between the two lines above, and the timer would then be late by as much.
        if (_time.GetUtcNow() >= at)
        {
            Ring();
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken) => await _rings.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _timer.Dispose();
}
