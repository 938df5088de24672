using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response.Rails;

/// <summary>For whom the automation is disarmed, since when and by whom. Owned by the <c>ResponseEngine</c>.</summary>
internal sealed class Disarmament
{
    /// <summary>Stands for all owners.</summary>
    public const string Everybody = "*";

    private readonly SortedDictionary<string, (DateTimeOffset Since, string By)> _disarmed = new(StringComparer.Ordinal);

    /// <summary>Verdicts before this do not count: somebody armed the automation knowing them.</summary>
    public DateTimeOffset ArmedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Owners for whom it is disarmed.</summary>
    public IEnumerable<string> Owners => _disarmed.Keys;

    public bool IsDisarmed(string owner) => _disarmed.ContainsKey(Everybody) || _disarmed.ContainsKey(owner);

    /// <summary>Why the automation may do nothing for an owner's agents, or null.</summary>
    public string? Objection(string owner) =>
        _disarmed.TryGetValue(Everybody, out var all) ? $"automation was disarmed by {all.By}"
        : _disarmed.TryGetValue(owner, out var one) ? $"automation was disarmed for agents of {owner} by {one.By}"
        : null;

    /// <returns>False when it was disarmed already.</returns>
    public bool Disarm(string owner, string by, DateTimeOffset now) => !IsDisarmed(owner) && _disarmed.TryAdd(owner, (now, by));

    /// <returns>False when it was armed already.</returns>
    public bool Arm(string owner, DateTimeOffset now)
    {
        var wasDisarmed = owner == Everybody ? _disarmed.Count > 0 : _disarmed.ContainsKey(owner);
        if (owner == Everybody)
        {
            _disarmed.Clear();
        }
        else
        {
            _disarmed.Remove(owner);
        }

        ArmedAt = wasDisarmed ? now : ArmedAt;
        return wasDisarmed;
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteTime(ArmedAt);
        writer.WriteVariable((ulong)_disarmed.Count);
        foreach (var (owner, (since, by)) in _disarmed)
        {
            writer.WriteString(owner);
            writer.WriteTime(since);
            writer.WriteString(by);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        ArmedAt = reader.ReadTime();
        for (var left = reader.ReadCount(10); left > 0; left--)
        {
            _disarmed.Add(reader.ReadString(), (reader.ReadTime(), reader.ReadString()));
        }
    }
}
