using AgentSentinel.Core.Detection;

namespace AgentSentinel.Service.History;

/// <summary>
/// Points on their way from the pipelines to one writer. Bounded: when it is full the oldest make room, and are counted. Whoever offers never
/// waits for more than a copy.
/// </summary>
internal sealed class WindowQueue(int capacity) : IDisposable
{
    private const int FirstCapacity = 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private WindowValue[] _ring = new WindowValue[Math.Min(FirstCapacity, capacity)];
    private int _first;
    private int _count;
    private int _wakeAt = int.MaxValue;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds points.</summary>
    /// <returns>How many older (or, of more than the queue can hold, these) were dropped.</returns>
    public int Offer(ReadOnlySpan<WindowValue> values)
    {
        lock (_gate)
        {
            var dropped = 0;
            if (values.Length > capacity)
            {
                dropped = values.Length - capacity;
                values = values[dropped..];
            }

            Grow(_count + values.Length);
            var excess = Math.Max(0, _count + values.Length - _ring.Length);
            _first = (_first + excess) % _ring.Length;
            _count -= excess;
            foreach (ref readonly var value in values)
            {
                _ring[(_first + _count++) % _ring.Length] = value;
            }

            if (_count >= _wakeAt && _filled.CurrentCount == 0)
            {
                _filled.Release();
            }

            return dropped + excess;
        }
    }

    /// <summary>Takes the oldest points.</summary>
    /// <returns>How many.</returns>
    public int Take(Span<WindowValue> into)
    {
        lock (_gate)
        {
            var taken = Math.Min(into.Length, _count);
            for (var i = 0; i < taken; i++)
            {
                ref var slot = ref _ring[(_first + i) % _ring.Length];
                into[i] = slot;

                // Texts must not live on in a slot that nobody reads.
                slot = default;
            }

            _first = (_first + taken) % _ring.Length;
            _count -= taken;
            return taken;
        }
    }

    /// <summary>Ends when so many points wait, or after so long.</summary>
    public async Task WaitAsync(int count, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _wakeAt = count;
            if (_count >= count)
            {
                return;
            }
        }

        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _filled.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Long enough: what there is, is taken.
        }
    }

    public void Dispose() => _filled.Dispose();

    private void Grow(int wanted)
    {
        if (wanted <= _ring.Length || _ring.Length == capacity)
        {
            return;
        }

        var larger = new WindowValue[Math.Min(capacity, Math.Max(wanted, _ring.Length * 2))];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_first + i) % _ring.Length];
        }

        _ring = larger;
        _first = 0;
    }
}
