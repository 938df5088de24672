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

    private ulong[] _slots = new ulong[8];
    private ulong[] _inOrder = new ulong[4];

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
        if (Count == _inOrder.Length)
        {
            Array.Resize(ref _inOrder, Count * 2);
            _slots = new ulong[Count * 4];
            foreach (var known in InOrder)
            {
                _slots[Slot(known)] = known;
            }
        }

        _inOrder[Count++] = id;
        _slots[Slot(id)] = id;
    }

    /// <summary>Forgets all ids; keeps the memory unless it is much.</summary>
    public void Clear()
    {
        if (_inOrder.Length > KeptWhenCleared)
        {
            _inOrder = new ulong[4];
            _slots = new ulong[8];
        }
        else if (Count < _slots.Length / 16)
        {
            // The newest first: without it the table is what it was before it came.
            for (var i = Count - 1; i >= 0; i--)
            {
                _slots[Slot(_inOrder[i])] = 0;
            }
        }
        else
        {
            Array.Clear(_slots);
        }

        Count = 0;
    }

    // Zero marks a free slot.
    private static ulong NonZero(ulong id) => id == 0 ? 1 : id;

    private int Slot(ulong id)
    {
        var mask = _slots.Length - 1;
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
        Array.Clear(_slots);
        Count = kept;
        foreach (var known in InOrder)
        {
            _slots[Slot(known)] = known;
        }
    }
}
