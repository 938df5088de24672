using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>
/// How many suspensions the automation may still order: per hour, and as a share of the fleet. Owned by the <c>ResponseEngine</c>.
/// </summary>
internal sealed class SuspensionBudget(SuspensionOptions options)
{
    private readonly Queue<DateTimeOffset> _ordered = new();
    private readonly SortedDictionary<int, int> _activeAgents = [];

    /// <summary>Agents active within a day, as the partitions last told.</summary>
    public int Fleet => (int)Math.Min(_activeAgents.Values.Sum(agents => (long)agents), int.MaxValue);

    public void Tell(FleetReport report) => _activeAgents[report.Partition] = report.Census.ActiveAgents;

    /// <summary>Why the automation may not suspend now, or null when it may.</summary>
    /// <param name="now">The journal's clock.</param>
    /// <param name="inForce">Automatic suspensions in force.</param>
    public string? Objection(DateTimeOffset now, int inForce)
    {
        while (_ordered.TryPeek(out var oldest) && oldest <= now - TimeSpan.FromHours(1))
        {
            _ordered.Dequeue();
        }

        if (_ordered.Count >= options.MaxPerHour)
        {
            return $"the budget of {options.MaxPerHour} automatic suspensions an hour is spent";
        }

        // Every fleet may lose one agent: a small one could otherwise never be protected.
        var most = Math.Max(1, (int)(Fleet * options.MaxFleetPercent / 100));
        return inForce >= most ? $"{inForce} of {Fleet} active agents are suspended already" : null;
    }

    public void Spend(DateTimeOffset now) => _ordered.Enqueue(now);

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_ordered.Count);
        foreach (var time in _ordered)
        {
            writer.WriteTime(time);
        }

        writer.WriteVariable((ulong)_activeAgents.Count);
        foreach (var (partition, agents) in _activeAgents)
        {
            writer.WriteVariable((ulong)partition);
            writer.WriteVariable((ulong)agents);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            _ordered.Enqueue(reader.ReadTime());
        }

        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            _activeAgents[reader.ReadInt32()] = reader.ReadInt32();
        }
    }
}
