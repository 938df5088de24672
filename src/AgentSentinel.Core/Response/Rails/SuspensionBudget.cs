using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response.Rails;

/// <summary>
/// How many suspensions the automation may still order: per hour, as a share of the fleet, and of both no more than a part for the agents of
/// one owner, so that whoever floods one owner's agents leaves the rest for the others. Owned by the <c>ResponseEngine</c>.
/// </summary>
internal sealed class SuspensionBudget(SuspensionOptions options)
{
    private readonly Queue<(DateTimeOffset At, string Owner)> _ordered = new();
    private readonly SortedDictionary<int, int> _activeAgents = [];

    /// <summary>Agents active within a day, as the partitions last told.</summary>
    public int Fleet => (int)Math.Min(_activeAgents.Values.Sum(agents => (long)agents), int.MaxValue);

    public void Tell(FleetReport report) => _activeAgents[report.Partition] = report.Census.ActiveAgents;

    /// <summary>Why the automation may not suspend now, or null when it may.</summary>
    /// <param name="now">The journal's clock.</param>
    /// <param name="owner">The agent's owner; null where nothing is registered and all are one.</param>
    /// <param name="inForce">Automatic suspensions in force.</param>
    /// <param name="inForceOfOwner">Those of the owner's agents.</param>
    public string? Objection(DateTimeOffset now, string? owner, int inForce, int inForceOfOwner)
    {
        while (_ordered.TryPeek(out var oldest) && oldest.At <= now - TimeSpan.FromHours(1))
        {
            _ordered.Dequeue();
        }

        // Every fleet may lose one agent: a small one could otherwise never be protected. Where owners are told apart it may lose three: one
        // owner's agent and a stranger must not use up what is there for all.
        var most = Math.Max(owner is null ? 1 : 3, (int)(Fleet * options.MaxFleetPercent / 100));
        if (_ordered.Count >= options.MaxPerHour)
        {
            return $"the budget of {options.MaxPerHour} automatic suspensions an hour is spent";
        }

        if (inForce >= most)
        {
            return $"{inForce} of {Fleet} active agents are suspended already";
        }

        if (owner is null)
        {
            return null;
        }

        var name = owner.Length > 0 ? $"of {owner}" : "without an owner";
        return _ordered.Count(o => o.Owner == owner) >= PartOf(owner, options.MaxPerHour) ? $"agents {name} have used up their part of the hour's budget"
            : inForceOfOwner >= PartOf(owner, most) ? $"{inForceOfOwner} agents {name} are suspended already"
            : null;
    }

    public void Spend(DateTimeOffset now, string owner) => _ordered.Enqueue((now, owner));

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_ordered.Count);
        foreach (var (time, owner) in _ordered)
        {
            writer.WriteTime(time);
            writer.WriteString(owner);
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
        for (var left = reader.ReadCount(9); left > 0; left--)
        {
            _ordered.Enqueue((reader.ReadTime(), reader.ReadString()));
        }

        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            _activeAgents[reader.ReadInt32()] = reader.ReadInt32();
        }
    }

    // Those without an owner get half of an owner's part: whoever has agents and can make up others beside them still leaves something.
    private int PartOf(string owner, int most) => Math.Max(1, (int)(most * options.MaxOwnerPercent / (owner.Length > 0 ? 100 : 200)));
}
