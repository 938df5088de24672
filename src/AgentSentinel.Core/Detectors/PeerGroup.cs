using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Detectors;

/// <summary>Whom an agent is compared with first: the agents of its declared peer group, or of its declared purpose. 16 bytes. Owned by one detector's memory.</summary>
internal struct PeerGroup
{
    // What it was looked up in; a registry never changes, a changed one is another.
    private AgentRegistry? _registry;
    private ulong _group;

    /// <summary>The group's fingerprint; 0 when nothing is declared: then those that use the same tools stand in.</summary>
    public ulong Of(string agentId, AgentRegistry registry, FingerprintCache names)
    {
        if (!ReferenceEquals(_registry, registry))
        {
            _registry = registry;
            _group = registry.Find(agentId) switch
            {
                { PeerGroup.Length: > 0 } agent => names.Of(agent.PeerGroup),
                { Purpose.Length: > 0 } agent => names.Of(agent.Purpose),
                _ => 0,
            };
        }

        return _group;
    }
}
