using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detection;

/// <summary>
/// Counts the agents of a partition that were active in the last 24 hours of event time, by the hour in which each was
/// last seen: O(1) per event, and independent of which profiles happen to be in memory. Owned by the <c>DetectionEngine</c>.
/// </summary>
internal sealed class FleetCounter
{
    private const int Hours = 24;

    private readonly int[] _lastSeenInHour = new int[Hours];
    private long _newestHour;
    private long _lastCensus;

    /// <summary>An agent was seen.</summary>
    /// <param name="before">When it had last been seen; the default value for a new agent.</param>
    /// <param name="now">When it is last seen now.</param>
    public void Observe(DateTimeOffset before, DateTimeOffset now)
    {
        var (from, to) = (Hour(before), Hour(now));
        if (from == to)
        {
            return;
        }

        MoveTo(to);
        if (from > _newestHour - Hours)
        {
            _lastSeenInHour[from % Hours]--;
        }

        if (to > _newestHour - Hours)
        {
            _lastSeenInHour[to % Hours]++;
        }
    }

    /// <summary>A census when a new hour has begun since the last one, else null.</summary>
    public FleetCensus? CountAt(DateTimeOffset time)
    {
        var hour = Hour(time);
        if (hour <= _lastCensus)
        {
            return null;
        }

        MoveTo(hour);
        _lastCensus = hour;
        var active = 0;
        foreach (var agents in _lastSeenInHour)
        {
            active += agents;
        }

        return new FleetCensus(new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero), active);
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_newestHour);
        writer.WriteVariable((ulong)_lastCensus);
        foreach (var agents in _lastSeenInHour)
        {
            writer.WriteVariable((ulong)agents);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        _newestHour = reader.ReadInt64();
        _lastCensus = reader.ReadInt64();
        for (var i = 0; i < Hours; i++)
        {
            _lastSeenInHour[i] = reader.ReadInt32();
        }
    }

    private static long Hour(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerHour;

    private void MoveTo(long hour)
    {
        var forget = Math.Min(hour - _newestHour, Hours);
        for (var i = 0; i < forget; i++)
        {
            _lastSeenInHour[(hour - i) % Hours] = 0;
        }

        _newestHour = Math.Max(hour, _newestHour);
    }
}
