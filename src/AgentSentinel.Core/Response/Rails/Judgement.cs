using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response.Rails;

/// <summary>An automatic suspension and what a person found out about it. Kept as long as it says something about the automation. Owned by the <c>ResponseEngine</c>.</summary>
internal sealed class Judgement(string suspensionId, string agentId, string owner, string incidentId, DateTimeOffset orderedAt) : IPiece<Judgement>
{
    private const byte FormatVersion = 1;

    public string SuspensionId { get; } = suspensionId;

    public string AgentId { get; } = agentId;

    public string Owner { get; } = owner;

    public string IncidentId { get; } = incidentId;

    public DateTimeOffset OrderedAt { get; } = orderedAt;

    public Verdict? Verdict { get; set; }

    /// <summary>When the verdict came; the automation is judged by verdicts since it was armed.</summary>
    public DateTimeOffset JudgedAt { get; set; } = DateTimeOffset.MinValue;

    void IPiece<Judgement>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(SuspensionId);
        writer.WriteString(AgentId);
        writer.WriteString(Owner);
        writer.WriteString(IncidentId);
        writer.WriteTime(OrderedAt);
        writer.WriteByte((byte)(Verdict is { } verdict ? (int)verdict + 1 : 0));
        writer.WriteTime(JudgedAt);
    }

    static Judgement IPiece<Judgement>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A judgement of format {version} was saved; this version reads format {FormatVersion}.");
        }

        return new Judgement(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadTime())
        {
            Verdict = reader.ReadUpTo(2) is > 0 and var verdict ? (Verdict)(verdict - 1) : null,
            JudgedAt = reader.ReadTime(),
        };
    }
}
