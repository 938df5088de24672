using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>An order to stop an agent, or a session or credential of it, from its proposal to its lift. Owned by the <c>ResponseEngine</c>.</summary>
public sealed class Suspension : IPiece<Suspension>
{
    private const byte FormatVersion = 3;

    internal Suspension(string id, string agentId)
    {
        Id = id;
        AgentId = agentId;
    }

    /// <summary>Derived from what it answers: the same after a replay. It is the webhook's idempotency key.</summary>
    public string Id { get; }

    /// <summary>The agent. Text from telemetry: data.</summary>
    public string AgentId { get; }

    /// <summary>What it stops: the agent, or something of it.</summary>
    public SuspensionTarget Target { get; internal init; }

    /// <summary>Who answers for the agent, as registered when it was decided; empty when not told.</summary>
    public string Owner { get; internal init; } = "";

    /// <summary>The incident that led to it, or null when a person ordered it without one.</summary>
    public string? IncidentId { get; internal init; }

    /// <summary>Who or what decided: <c>policy</c> or a person; both people where two were needed.</summary>
    public string DecidedBy { get; internal set; } = "";

    /// <summary>Version of the policy that led to it; null when a person ordered it.</summary>
    public string? PolicyVersion { get; internal init; }

    /// <summary>Rule of the policy that led to it; null when a person ordered it.</summary>
    public string? Rule { get; internal init; }

    /// <summary>Why. May quote telemetry: data.</summary>
    public string Reason { get; internal init; } = "";

    /// <summary>The evidence when it was decided, strongest first.</summary>
    public IReadOnlyList<Evidence> Evidence { get; internal set; } = [];

    /// <summary>Credentials that the incident showed when it was decided, whose they may be.</summary>
    internal IReadOnlyList<string> Credentials { get; set; } = [];

    /// <summary>Severity of the incident when it was decided.</summary>
    public Severity Severity { get; internal init; }

    /// <summary>Ordered by the policy, without a person: counts towards the budgets.</summary>
    public bool IsAutomatic { get; internal init; }

    /// <summary>How long it lasts once it is ordered, before repeats make it longer.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>How many suspensions of the agent went before it lately: it lasts twice as long for each.</summary>
    public int Repeat { get; internal set; }

    /// <summary>Where it stands.</summary>
    public SuspensionState State { get; internal set; }

    /// <summary>The first of two people who are needed, once there is one; else null.</summary>
    public string? FirstApproval { get; internal set; }

    /// <summary>When it was ordered, by the journal's clock.</summary>
    public DateTimeOffset OrderedAt { get; internal set; }

    /// <summary>When it is lifted by itself.</summary>
    public DateTimeOffset ExpiresAt { get; internal set; }

    /// <summary>What reading back said about the order that was delivered last; null before.</summary>
    public VerificationOutcome? Verification { get; internal set; }

    /// <summary>How long access that was granted before may go on, as the adapter tells; null when it does not.</summary>
    public TimeSpan? ResidualAccess { get; internal set; }

    /// <summary>True from the order until its lift is ordered: whoever asks is told no.</summary>
    public bool IsInForce => State is not (SuspensionState.Proposed or SuspensionState.Lifting);

    /// <summary>Alerts made of it so far: the next one's number.</summary>
    internal int Alerts { get; set; }

    /// <summary>Notes what the incident shows by now.</summary>
    internal void TakeFrom(Incident incident)
    {
        Evidence = [.. incident.Evidence];
        Credentials = [.. incident.Credentials];
    }

    void IPiece<Suspension>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(Id);
        writer.WriteString(AgentId);
        writer.WriteByte((byte)Target.Kind);
        writer.WriteString(Target.Id);
        writer.WriteString(Owner);
        writer.WriteString(IncidentId ?? "");
        writer.WriteString(DecidedBy);
        writer.WriteString(PolicyVersion ?? "");
        writer.WriteString(Rule ?? "");
        writer.WriteString(Reason);
        writer.WriteByte((byte)Severity);
        writer.WriteBoolean(IsAutomatic);
        writer.WriteVariable((ulong)Duration.Ticks);
        writer.WriteVariable((ulong)Repeat);
        writer.WriteByte((byte)State);
        writer.WriteString(FirstApproval ?? "");
        writer.WriteTime(OrderedAt);
        writer.WriteTime(ExpiresAt);
        writer.WriteByte((byte)(Verification is { } outcome ? (int)outcome + 1 : 0));
        writer.WriteVariable(ResidualAccess is { } residual ? (ulong)residual.Ticks + 1 : 0);
        writer.WriteVariable((ulong)Alerts);
        writer.WriteVariable((ulong)Credentials.Count);
        foreach (var credential in Credentials)
        {
            writer.WriteString(credential);
        }

        writer.WriteVariable((ulong)Evidence.Count);
        foreach (var evidence in Evidence)
        {
            evidence.Save(writer);
        }
    }

    static Suspension IPiece<Suspension>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A suspension of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var suspension = new Suspension(reader.ReadString(), reader.ReadString())
        {
            Target = new SuspensionTarget((SuspensionTargetKind)reader.ReadByte(), reader.ReadString()),
            Owner = reader.ReadString(),
            IncidentId = Optional(reader.ReadString()),
            DecidedBy = reader.ReadString(),
            PolicyVersion = Optional(reader.ReadString()),
            Rule = Optional(reader.ReadString()),
            Reason = reader.ReadString(),
            Severity = (Severity)reader.ReadByte(),
            IsAutomatic = reader.ReadBoolean(),
            Duration = TimeSpan.FromTicks(reader.ReadUnits(1)),
            Repeat = reader.ReadInt32(),
            State = (SuspensionState)reader.ReadByte(),
            FirstApproval = Optional(reader.ReadString()),
            OrderedAt = reader.ReadTime(),
            ExpiresAt = reader.ReadTime(),
            Verification = reader.ReadUpTo((long)VerificationOutcome.NotVerifiable + 1) is > 0 and var outcome ? (VerificationOutcome)(outcome - 1) : null,
            ResidualAccess = reader.ReadUnits(1) is > 0 and var ticks ? TimeSpan.FromTicks(ticks - 1) : null,
            Alerts = reader.ReadInt32(),
        };
        var credentials = new string[reader.ReadCount(1)];
        for (var i = 0; i < credentials.Length; i++)
        {
            credentials[i] = reader.ReadString();
        }

        var evidence = new Evidence[reader.ReadCount(1)];
        for (var i = 0; i < evidence.Length; i++)
        {
            evidence[i] = Detection.Evidence.Load(ref reader);
        }

        suspension.Credentials = credentials;
        suspension.Evidence = evidence;
        return suspension;
    }

    private static string? Optional(string text) => text.Length > 0 ? text : null;
}
