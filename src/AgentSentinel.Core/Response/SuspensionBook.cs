using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>
/// The suspensions that are not over, found by id, agent and credential without looking at the others, with the counts that budgets ask for.
/// Owned by the <c>ResponseEngine</c>.
/// </summary>
internal sealed class SuspensionBook
{
    private readonly PieceTable<Suspension> _suspensions = new(StateKind.Suspension);
    private readonly Dictionary<string, List<Suspension>> _byAgent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Suspension>> _byCredential = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _automaticByOwner = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Suspension> All => _suspensions.All;

    /// <summary>Automatic suspensions in force.</summary>
    public int Automatic { get; private set; }

    public int AutomaticOf(string owner) => _automaticByOwner.GetValueOrDefault(owner);

    public Suspension? Find(string id) => _suspensions.Find(id);

    /// <summary>Those of an agent, in the order in which they were made.</summary>
    public IReadOnlyList<Suspension> OfAgent(string agentId) => _byAgent.TryGetValue(agentId, out var list) ? list : [];

    /// <summary>Those of a credential, whoever uses it.</summary>
    public IReadOnlyList<Suspension> OfCredential(string credentialId) => _byCredential.TryGetValue(credentialId, out var list) ? list : [];

    public void Add(Suspension suspension)
    {
        _suspensions.Add(suspension.Id, suspension);
        Index(suspension);
    }

    /// <summary>The only way to change a state: the counts follow.</summary>
    public void Move(Suspension suspension, SuspensionState state)
    {
        Count(suspension, -1);
        suspension.State = state;
        Count(suspension, 1);
        _suspensions.Changed(suspension.Id);
    }

    public void Changed(Suspension suspension) => _suspensions.Changed(suspension.Id);

    public void Remove(Suspension suspension)
    {
        Count(suspension, -1);
        _suspensions.Remove(suspension.Id);
        Unlist(_byAgent, suspension.AgentId, suspension);
        if (suspension.Target.Kind == SuspensionTargetKind.Credential)
        {
            Unlist(_byCredential, suspension.Target.Id, suspension);
        }
    }

    public void Save(IStateWriter writer, MemoryWriter scratch) => _suspensions.Save(writer, scratch);

    public void Load(IStateReader saved)
    {
        _suspensions.Load(saved);

        // By the time they were made, as they came; the id decides where that is the same.
        foreach (var suspension in _suspensions.All.Values.OrderBy(s => s.OrderedAt))
        {
            Index(suspension);
        }
    }

    private void Index(Suspension suspension)
    {
        List(_byAgent, suspension.AgentId, suspension);
        if (suspension.Target.Kind == SuspensionTargetKind.Credential)
        {
            List(_byCredential, suspension.Target.Id, suspension);
        }

        Count(suspension, 1);
    }

    private static void List(Dictionary<string, List<Suspension>> index, string key, Suspension suspension)
    {
        if (!index.TryGetValue(key, out var list))
        {
            index.Add(key, list = []);
        }

        list.Add(suspension);
    }

    private static void Unlist(Dictionary<string, List<Suspension>> index, string key, Suspension suspension)
    {
        var list = index[key];
        list.Remove(suspension);
        if (list.Count == 0)
        {
            index.Remove(key);
        }
    }

    private void Count(Suspension suspension, int by)
    {
        if (suspension is { IsAutomatic: true, IsInForce: true })
        {
            Automatic += by;
            _automaticByOwner[suspension.Owner] = AutomaticOf(suspension.Owner) + by;
        }
    }
}
