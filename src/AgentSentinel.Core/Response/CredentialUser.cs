using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>Whose a credential is, as far as telemetry tells.</summary>
/// <param name="AgentId">The agent that used it first. Text from telemetry: data.</param>
/// <param name="Since">Event time of that.</param>
/// <param name="IsShared">Several agents were given it.</param>
internal sealed record CredentialUser(string AgentId, DateTimeOffset Since, bool IsShared) : IPiece<CredentialUser>
{
    public void Save(MemoryWriter writer)
    {
        writer.WriteString(AgentId);
        writer.WriteTime(Since);
        writer.WriteBoolean(IsShared);
    }

    public static CredentialUser Load(ref MemoryReader reader) => new(reader.ReadString(), reader.ReadTime(), reader.ReadBoolean());
}
