using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>An agent that acted and is not registered. Owned by the <c>ResponseEngine</c>.</summary>
public sealed class UnregisteredAgent : IPiece<UnregisteredAgent>
{
    private const byte FormatVersion = 1;

    internal UnregisteredAgent(string agentId) => AgentId = agentId;

    /// <summary>The agent. Text from telemetry: data.</summary>
    public string AgentId { get; }

    /// <summary>Event time at which it was first told of.</summary>
    public DateTimeOffset FirstSeen { get; internal init; }

    /// <summary>Event time at which it was last told of: days apart, not calls.</summary>
    public DateTimeOffset LastSeen { get; internal set; }

    /// <summary>When it was last told of, by the journal's clock.</summary>
    internal DateTimeOffset ToldAt { get; set; }

    /// <summary>The registered agent that its id could be mistaken for, or null.</summary>
    public string? MistakableFor { get; internal init; }

    /// <summary>As it stands, for another thread.</summary>
    public UnregisteredAgent Copy() => new(AgentId) { FirstSeen = FirstSeen, LastSeen = LastSeen, ToldAt = ToldAt, MistakableFor = MistakableFor };

    void IPiece<UnregisteredAgent>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(AgentId);
        writer.WriteTime(FirstSeen);
        writer.WriteTime(LastSeen);
        writer.WriteTime(ToldAt);
        writer.WriteString(MistakableFor ?? "");
    }

    static UnregisteredAgent IPiece<UnregisteredAgent>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"An unregistered agent of format {version} was saved; this version reads format {FormatVersion}.");
        }

        return new UnregisteredAgent(reader.ReadString())
        {
            FirstSeen = reader.ReadTime(),
            LastSeen = reader.ReadTime(),
            ToldAt = reader.ReadTime(),
            MistakableFor = reader.ReadString() is { Length: > 0 } other ? other : null,
        };
    }
}
