using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>The latest time that a person found harmless what was found about an agent. A value.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Since">Event time from which on what was found is meant: what was found before is not harmless because of it.</param>
/// <param name="At">Journal time; later than that of any dismissal before it, so that it tells what is news.</param>
public sealed record Dismissal(string AgentId, DateTimeOffset Since, DateTimeOffset At) : IPiece<Dismissal>
{
    void IPiece<Dismissal>.Save(MemoryWriter writer)
    {
        writer.WriteString(AgentId);
        writer.WriteTime(Since);
        writer.WriteTime(At);
    }

    static Dismissal IPiece<Dismissal>.Load(ref MemoryReader reader) => new(reader.ReadString(), reader.ReadTime(), reader.ReadTime());
}
