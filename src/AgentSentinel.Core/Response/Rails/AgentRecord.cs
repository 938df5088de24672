using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response.Rails;

/// <summary>What is remembered of an agent's suspensions after they are over. Owned by the <c>ResponseEngine</c>.</summary>
internal sealed class AgentRecord(string agentId) : IPiece<AgentRecord>
{
    private const byte FormatVersion = 1;

    // Each doubles the next one's length, and that is capped long before.
    private const int Most = 16;

    private readonly List<(string SuspensionId, DateTimeOffset At)> _suspensions = [];

    public string AgentId { get; } = agentId;

    /// <summary>When the latest suspension in force ended.</summary>
    public DateTimeOffset EndedAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>When a person lifted one last.</summary>
    public DateTimeOffset LiftedByPersonAt { get; set; } = DateTimeOffset.MinValue;

    public DateTimeOffset LastAt => _suspensions.Count > 0 && _suspensions[^1].At > EndedAt ? _suspensions[^1].At : EndedAt;

    public void Add(string suspensionId, DateTimeOffset at)
    {
        if (_suspensions.Count == Most)
        {
            _suspensions.RemoveAt(0);
        }

        _suspensions.Add((suspensionId, at));
    }

    /// <summary>One that was found to be false is not held against the agent.</summary>
    public void Strike(string suspensionId) => _suspensions.RemoveAll(s => s.SuspensionId == suspensionId);

    public int CountSince(DateTimeOffset time) => _suspensions.Count(s => s.At >= time);

    void IPiece<AgentRecord>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(AgentId);
        writer.WriteTime(EndedAt);
        writer.WriteTime(LiftedByPersonAt);
        writer.WriteVariable((ulong)_suspensions.Count);
        foreach (var (id, at) in _suspensions)
        {
            writer.WriteString(id);
            writer.WriteTime(at);
        }
    }

    static AgentRecord IPiece<AgentRecord>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A record of suspensions of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var record = new AgentRecord(reader.ReadString()) { EndedAt = reader.ReadTime(), LiftedByPersonAt = reader.ReadTime() };
        for (var left = reader.ReadCount(9); left > 0; left--)
        {
            record._suspensions.Add((reader.ReadString(), reader.ReadTime()));
        }

        return record;
    }
}
