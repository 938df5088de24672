using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>An order to stop an agent, from its proposal to its lift. Owned by the <c>ResponseEngine</c>.</summary>
public sealed class Suspension : IPiece<Suspension>
{
    private const byte FormatVersion = 1;

    private Suspension(string id, string agentId)
    {
        Id = id;
        AgentId = agentId;
    }

    internal Suspension(string id, string agentId, string? incidentId, string decidedBy, string reason, Severity severity, bool isAutomatic)
        : this(id, agentId)
    {
        IncidentId = incidentId;
        DecidedBy = decidedBy;
        Reason = reason;
        Severity = severity;
        IsAutomatic = isAutomatic;
    }

    /// <summary>Derived from what it answers: the same after a replay. It is the webhook's idempotency key.</summary>
    public string Id { get; }

    /// <summary>The agent. Text from telemetry: data.</summary>
    public string AgentId { get; }

    /// <summary>The incident that led to it, or null when a person ordered it without one.</summary>
    public string? IncidentId { get; private set; }

    /// <summary>Who or what decided: <c>policy</c> or a person.</summary>
    public string DecidedBy { get; internal set; } = "";

    /// <summary>Why. May quote telemetry: data.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Severity of the incident when it was decided.</summary>
    public Severity Severity { get; private set; }

    /// <summary>Ordered by the policy, without a person: counts towards the budgets.</summary>
    public bool IsAutomatic { get; private set; }

    /// <summary>Where it stands.</summary>
    public SuspensionState State { get; internal set; }

    /// <summary>When it was ordered, by the journal's clock.</summary>
    public DateTimeOffset OrderedAt { get; internal set; }

    /// <summary>When it is lifted by itself.</summary>
    public DateTimeOffset ExpiresAt { get; internal set; }

    /// <summary>Alerts made of it so far: the next one's number.</summary>
    internal int Alerts { get; set; }

    void IPiece<Suspension>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(Id);
        writer.WriteString(AgentId);
        writer.WriteString(IncidentId ?? "");
        writer.WriteString(DecidedBy);
        writer.WriteString(Reason);
        writer.WriteByte((byte)Severity);
        writer.WriteBoolean(IsAutomatic);
        writer.WriteByte((byte)State);
        writer.WriteTime(OrderedAt);
        writer.WriteTime(ExpiresAt);
        writer.WriteVariable((ulong)Alerts);
    }

    static Suspension IPiece<Suspension>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A suspension of format {version} was saved; this version reads format {FormatVersion}.");
        }

        return new Suspension(reader.ReadString(), reader.ReadString())
        {
            IncidentId = reader.ReadString() is { Length: > 0 } incident ? incident : null,
            DecidedBy = reader.ReadString(),
            Reason = reader.ReadString(),
            Severity = (Severity)reader.ReadByte(),
            IsAutomatic = reader.ReadBoolean(),
            State = (SuspensionState)reader.ReadByte(),
            OrderedAt = reader.ReadTime(),
            ExpiresAt = reader.ReadTime(),
            Alerts = reader.ReadInt32(),
        };
    }
}
