using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Declarations;

/// <summary>
/// The registry as it stands: what the file says and what the journal changed of it, on every instance. Written by the follower of the journal once it has read
/// it to its end; any thread may ask.
/// </summary>
internal sealed class CurrentRegistry(DeclarationSet declared)
{
    private volatile Edition _edition = new(null, declared.Registry);
    private volatile IReadOnlyList<UnregisteredAgent> _unregistered = [];

    /// <summary>All that the journal says of it; null before the journal was read.</summary>
    public RegistryAmendments? Amendments => _edition.Amendments;

    /// <summary>What is in force: the file's before the journal was read.</summary>
    public AgentRegistry Registry => _edition.Registry;

    /// <summary>Agents that act and are not registered, by id in ordinal order.</summary>
    public IReadOnlyList<UnregisteredAgent> Unregistered => _unregistered;

    /// <summary>Takes over what the journal says.</summary>
    public void Amend(RegistryAmendments amendments) => _edition = new Edition(amendments, amendments.Over(declared.Registry));

    /// <summary>Takes over who acts without being registered.</summary>
    public void Tell(IReadOnlyList<UnregisteredAgent> unregistered) => _unregistered = unregistered;

    private sealed record Edition(RegistryAmendments? Amendments, AgentRegistry Registry);
}
