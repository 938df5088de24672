namespace AgentSentinel.Service.Api;

/// <summary>How many streams and waiting requests there may be at a time: each costs memory for as long as it lasts. Any thread.</summary>
internal sealed class StreamSlots(int most)
{
    private int _taken;

    /// <summary>Takes one; dispose it to give it back. Null when none is left.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return new Slot(this);
        }

        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Slot(StreamSlots slots) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref slots._taken);
    }
}
