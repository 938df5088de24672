namespace AgentSentinel.Core.Windowing;

/// <summary>
/// Fingerprints of the call ids of one open window, to drop repeats. Owned by its <see cref="AgentWindow"/>.
/// </summary>
/// <remarks>
/// A repeat of a call in a closed window is late and not counted anyway, so nothing has to be remembered beyond the open windows.
/// Memory: 16 bytes per id up to <see cref="Limit"/> ids; after that the oldest half is forgotten, so an agent that makes
/// thousands of calls a minute is still protected against producer retries, which follow their original closely.
/// </remarks>
internal sealed class RecentIds
{
    /// <summary>Most ids remembered in one window.</summary>
    public const int Limit = 8192;

    // A window that saw more than this gives its memory back: one busy minute must not cost 200 KB until the agent is dropped.
    private const int KeptWhenCleared = 256;

    private const int LeastSlots = 8;

    private ulong[] _slots = new ulong[LeastSlots];
    private ulong[] _inOrder = new ulong[LeastSlots / 2];

    // So many of the slots are used: few calls do not meet what a busy minute needed room for.
    private int _used = LeastSlots;

    /// <summary>How many ids are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>The remembered ids, oldest first.</summary>
    public ReadOnlySpan<ulong> InOrder => _inOrder.AsSpan(0, Count);

    /// <summary>True when the id is remembered. Zero stands for itself as any other value does.</summary>
    public bool Contains(ulong id) => _slots[Slot(NonZero(id))] != 0;

    /// <summary>Remembers an id that is not there yet.</summary>
    public void Add(ulong id)
    {
        if (Count == Limit)
        {
            ForgetOldestHalf();
        }

        id = NonZero(id);
        if (2 * Count == _used)
        {
            Grow();
        }

        _inOrder[Count++] = id;
        _slots[Slot(id)] = id;
    }

    /// <summary>Forgets all ids; keeps the memory unless it is much.</summary>
    public void Clear()
    {
        if (_inOrder.Length > KeptWhenCleared)
        {
            _inOrder = new ulong[LeastSlots / 2];
            _slots = new ulong[LeastSlots];
        }
        else
        {
            Array.Clear(_slots, 0, _used);
        }

        (Count, _used) = (0, LeastSlots);
    }

    // Zero marks a free slot.
    private static ulong NonZero(ulong id) => id == 0 ? 1 : id;

    private int Slot(ulong id)
    {
        var mask = _used - 1;
        var slot = (int)id & mask;
        while (_slots[slot] != 0 && _slots[slot] != id)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void ForgetOldestHalf()
    {
        var kept = Count / 2;
        Array.Copy(_inOrder, Count - kept, _inOrder, 0, kept);
        Count = kept;
        PlaceAll();
    }

    private void Grow()
    {
        _used *= 2;
        if (_used > _slots.Length)
        {
            _slots = new ulong[_used];
            Array.Resize(ref _inOrder, _used / 2);
        }

        PlaceAll();
    }

    private void PlaceAll()
    {
        Array.Clear(_slots, 0, _used);
        foreach (var known in InOrder)
        {
            _slots[Slot(known)] = known;
        }
    }
}
