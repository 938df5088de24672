using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Response;

/// <summary>A person registers an agent, changes its entry or removes it, over what the registry file says.</summary>
/// <param name="Id">Unique id of the change.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
/// <param name="AgentId">Id of the entry: an agent's, or a glob.</param>
/// <param name="Agent">The new entry; null removes it.</param>
/// <param name="Actor">Who changes it.</param>
/// <param name="Reason">Why.</param>
public sealed record RegistryChange(string Id, DateTimeOffset RecordedAt, string AgentId, RegisteredAgent? Agent, string Actor, string Reason)
    : JournalEntry(Id, RecordedAt);
