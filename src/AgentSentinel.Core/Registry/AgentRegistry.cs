namespace AgentSentinel.Core.Registry;

/// <summary>
/// What is declared of the fleet. A value: never changed, shared by whoever needs it; a change makes another one.
/// </summary>
/// <remarks>
/// Ids are compared byte for byte. An id that differs by case or by a letter of another alphabet is another agent: it never gets an entry
/// that was meant for the one it resembles (<see cref="Glob.MatchesId"/>).
/// </remarks>
public sealed class AgentRegistry
{
    private readonly Dictionary<string, RegisteredAgent> _exact = new(StringComparer.Ordinal);
    private readonly RegisteredAgent[] _patterns;
    private readonly Dictionary<string, RegisteredAgent> _byCredential = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shapes = new(StringComparer.Ordinal);

    /// <summary>A registry.</summary>
    /// <param name="agents">The entries; of two with one id the later counts.</param>
    /// <param name="resources">How sensitive resources are; null for <see cref="ResourceCatalogue.Standard"/>.</param>
    public AgentRegistry(IEnumerable<RegisteredAgent> agents, IReadOnlyList<LabelledResources>? resources = null)
    {
        Resources = resources ?? ResourceCatalogue.Standard;
        foreach (var agent in agents)
        {
            _exact[agent.Id] = agent;
        }

        Agents = [.. _exact.Values.OrderBy(a => a.Id, StringComparer.Ordinal)];

        // The pattern that says most comes first; the id decides between equals, so that the order of a file does not matter.
        _patterns = [.. Agents.Where(a => a.IsPattern).OrderByDescending(a => a.Id.Count(c => c != '*')).ThenBy(a => a.Id, StringComparer.Ordinal)];
        foreach (var agent in Agents)
        {
            Index(agent);
        }
    }

    /// <summary>Nothing is declared.</summary>
    public static AgentRegistry Empty { get; } = new([]);

    /// <summary>The entries, by id in ordinal order.</summary>
    public IReadOnlyList<RegisteredAgent> Agents { get; }

    /// <summary>How sensitive resources are, for a <see cref="ResourceCatalogue"/>.</summary>
    public IReadOnlyList<LabelledResources> Resources { get; }

    /// <summary>True when no agent is declared: then nobody is unregistered either.</summary>
    public bool IsEmpty => Agents.Count == 0;

    /// <summary>The entry of an agent: its own, or that of the pattern that says most of it; null when it is not registered. No allocation; O(patterns) at worst.</summary>
    /// <param name="agentId">The agent.</param>
    public RegisteredAgent? Find(string agentId)
    {
        if (_exact.TryGetValue(agentId, out var own) && !own.IsPattern)
        {
            return own;
        }

        foreach (var pattern in _patterns)
        {
            if (Glob.MatchesId(pattern.Id, agentId))
            {
                return pattern;
            }
        }

        return null;
    }

    /// <summary>The entry that declares a credential as its own, or null.</summary>
    /// <param name="credentialId">The credential.</param>
    public RegisteredAgent? HolderOf(string credentialId) => _byCredential.GetValueOrDefault(credentialId);

    /// <summary>Agents that are registered by their own id in a peer group, in ordinal order.</summary>
    /// <param name="peerGroup">The group.</param>
    public IReadOnlyList<string> MembersOf(string peerGroup) => peerGroup.Length > 0 && _groups.TryGetValue(peerGroup, out var members) ? members : [];

    /// <summary>The registered agent that another id could be mistaken for; null when there is none, or when the id is registered itself.</summary>
    /// <param name="agentId">An id. Text from telemetry: data.</param>
    public string? MistakableFor(string agentId) =>
        !_exact.ContainsKey(agentId) && _shapes.TryGetValue(LookAlike.ShapeOf(agentId), out var registered) ? registered : null;

    private void Index(RegisteredAgent agent)
    {
        foreach (var credential in agent.Credentials)
        {
            _byCredential.TryAdd(credential, agent);
        }

        if (agent.IsPattern)
        {
            return;
        }

        _shapes.TryAdd(LookAlike.ShapeOf(agent.Id), agent.Id);
        if (agent.PeerGroup.Length > 0)
        {
            if (!_groups.TryGetValue(agent.PeerGroup, out var members))
            {
                _groups.Add(agent.PeerGroup, members = []);
            }

            members.Add(agent.Id);
        }
    }
}
