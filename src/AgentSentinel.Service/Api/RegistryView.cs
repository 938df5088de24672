using System.ComponentModel;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Service.Api;

/// <summary>An entry of the registry as it goes out.</summary>
internal sealed record RegistryView(
    string Id,
    string Owner,
    string Purpose,
    string PeerGroup,
    AgentScope? Scope,
    Criticality Criticality,
    IReadOnlyList<string> Credentials,
    bool Protected,
    string? Substitute,
    [property: Description("Whether it was said in the journal; else it comes from the registry file.")] bool IsAmended)
{
    public static RegistryView Of(RegisteredAgent agent, bool isAmended) => new(
        agent.Id, agent.Owner, agent.Purpose, agent.PeerGroup, agent.Scope, agent.Criticality, agent.Credentials, agent.IsProtected, agent.Substitute, isAmended);
}
