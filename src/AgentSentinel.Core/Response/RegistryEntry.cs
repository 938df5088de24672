using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>What the journal says of one entry of the registry, over what the file says. A value.</summary>
/// <param name="id">The entry's id.</param>
/// <param name="agent">The entry; null when it was removed.</param>
public sealed class RegistryEntry(string id, RegisteredAgent? agent) : IPiece<RegistryEntry>
{
    private const byte FormatVersion = 1;

    /// <summary>Id of the entry: an agent's, or a glob.</summary>
    public string Id { get; } = id;

    /// <summary>The entry; null when it was removed.</summary>
    public RegisteredAgent? Agent { get; } = agent;

    void IPiece<RegistryEntry>.Save(MemoryWriter writer) => Save(writer);

    static RegistryEntry IPiece<RegistryEntry>.Load(ref MemoryReader reader) => Load(ref reader);

    internal void Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(Id);
        writer.WriteBoolean(Agent is not null);
        if (Agent is not { } entry)
        {
            return;
        }

        writer.WriteString(entry.Owner);
        writer.WriteString(entry.Purpose);
        writer.WriteString(entry.PeerGroup);
        writer.WriteByte((byte)entry.Criticality);
        writer.WriteBoolean(entry.IsProtected);
        writer.WriteString(entry.Substitute ?? "");
        Write(writer, entry.Credentials);
        writer.WriteBoolean(entry.Scope is not null);
        if (entry.Scope is { } scope)
        {
            Write(writer, scope.Tools);
            Write(writer, scope.Resources);
            Write(writer, scope.Actions);
        }
    }

    internal static RegistryEntry Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A registry entry of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var id = reader.ReadString();
        if (!reader.ReadBoolean())
        {
            return new RegistryEntry(id, null);
        }

        return new RegistryEntry(id, new RegisteredAgent(id)
        {
            Owner = reader.ReadString(),
            Purpose = reader.ReadString(),
            PeerGroup = reader.ReadString(),
            Criticality = (Criticality)reader.ReadUpTo((long)Criticality.High),
            IsProtected = reader.ReadBoolean(),
            Substitute = reader.ReadString() is { Length: > 0 } substitute ? substitute : null,
            Credentials = Read(ref reader),
            Scope = reader.ReadBoolean()
                ? new AgentScope { Tools = Read(ref reader), Resources = Read(ref reader), Actions = Read(ref reader) }
                : null,
        });
    }

    private static void Write(MemoryWriter writer, IReadOnlyList<string> texts)
    {
        writer.WriteVariable((ulong)texts.Count);
        foreach (var text in texts)
        {
            writer.WriteString(text);
        }
    }

    private static string[] Read(ref MemoryReader reader)
    {
        var texts = new string[reader.ReadCount(1)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.ReadString();
        }

        return texts;
    }
}
