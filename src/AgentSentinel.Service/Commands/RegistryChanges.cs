using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Commands;

/// <summary>
/// How people change the registry: by an entry of the journal, as everything they do. Any thread. Every instance, and with it every detector and the response
/// line, takes it over once it has read it there.
/// </summary>
internal sealed class RegistryChanges(KafkaOptions options, RecordProducer producer, CurrentRegistry registry, TimeProvider time)
{
    private const int LongestReason = 2_000;
    private const int LongestText = 1_024;

    /// <summary>Appends a change to the journal. When the task ends it is there to stay.</summary>
    /// <param name="agentId">Id of the entry: an agent's, or a glob.</param>
    /// <param name="agent">The new entry; null removes it.</param>
    /// <param name="actor">Who wants it: the name that was authenticated.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops the wait, not the change: it may still arrive.</param>
    /// <returns>What is wrong with it and whether that is what others have registered meanwhile; null when it is in the journal.</returns>
    /// <exception cref="Confluent.Kafka.KafkaException">The journal does not take it; it may have arrived all the same. Repeating it does no harm.</exception>
    public async Task<(string Objection, bool IsConflict)?> SendAsync(string agentId, RegisteredAgent? agent, string actor, string reason, CancellationToken cancellationToken)
    {
        if (Objection(agent, reason) is { } objection)
        {
            return (objection, false);
        }

        if (Conflict(agentId, agent) is { } conflict)
        {
            return (conflict, true);
        }

        var change = new RegistryChange($"reg_{Guid.CreateVersion7(time.GetUtcNow()):n}", time.GetUtcNow(), agentId, agent, actor, reason.Trim());
        await producer.AppendAsync(options.JournalTopic, 0, default, JournalJson.Write(change), cancellationToken);
        return null;
    }

    private static string? Objection(RegisteredAgent? agent, string reason) =>
        reason.Trim().Length is 0 or > LongestReason ? $"A reason of 1 to {LongestReason} characters is needed."
        : agent is null ? null
        : Texts(agent).Any(t => t is not { Length: > 0 and <= LongestText }) ? $"Texts have 1 to {LongestText} characters."
        : agent.Scope is { } scope && RegistryFile.Objections(scope).FirstOrDefault() is { } objection ? objection
        : null;

    private static IEnumerable<string?> Texts(RegisteredAgent agent) =>
    [
        agent.Id, .. ((string?[])[agent.Owner, agent.Purpose, agent.PeerGroup, agent.Substitute]).Where(t => t is not (null or "")),
        .. agent.Credentials, .. agent.Scope?.Tools ?? [], .. agent.Scope?.Resources ?? [], .. agent.Scope?.Actions ?? [],
    ];

    private string? Conflict(string agentId, RegisteredAgent? agent)
    {
        if (agent is null)
        {
            return registry.Registry.Agents.Any(a => a.Id == agentId) ? null : "There is no such entry.";
        }

        // A credential of two agents could be taken from one for what the other did.
        return agent.Credentials.FirstOrDefault(c => registry.Registry.HolderOf(c) is { } holder && holder.Id != agentId) is { } credential
            ? $"The credential {credential} is registered for {registry.Registry.HolderOf(credential)!.Id}."
            : null;
    }
}
