using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>An agent's calls per minute over the last hour. 128 bytes. Owned by the agent's <see cref="CallRate"/> memory.</summary>
internal sealed class TrailingCounts
{
    private const int Minutes = 60;

    private readonly ushort[] _calls = new ushort[Minutes];

    /// <summary>The newest minute that was counted; 0 before the first.</summary>
    public long Newest { get; private set; }

    /// <summary>Calls in the span of minutes that ends with <paramref name="minute"/>. At most the last hour is remembered.</summary>
    public int Sum(long minute, int span)
    {
        var last = Math.Min(minute, Newest);
        var left = last - Math.Max(minute - span + 1, Newest - Minutes + 1) + 1;
        var slot = (int)(last % Minutes);
        var sum = 0;
        for (; left > 0; left--)
        {
            sum += _calls[slot];
            slot = slot == 0 ? Minutes - 1 : slot - 1;
        }

        return sum;
    }

    /// <summary>Begins a later minute; minutes between have no calls.</summary>
    public void MoveTo(long minute)
    {
        if (minute - Newest >= Minutes)
        {
            Array.Clear(_calls);
        }
        else
        {
            for (var m = Newest + 1; m <= minute; m++)
            {
                _calls[m % Minutes] = 0;
            }
        }

        Newest = minute;
    }

    /// <summary>Counts a call; one older than an hour is forgotten at once.</summary>
    public void Add(long minute)
    {
        if (minute > Newest - Minutes && _calls[minute % Minutes] < ushort.MaxValue)
        {
            _calls[minute % Minutes]++;
        }
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)Newest);
        foreach (var calls in _calls)
        {
            writer.WriteVariable(calls);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        Newest = reader.ReadUnits(TimeSpan.TicksPerMinute);
        for (var i = 0; i < Minutes; i++)
        {
            _calls[i] = (ushort)reader.ReadUpTo(ushort.MaxValue);
        }
    }
}
