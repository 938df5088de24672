using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Core.Response.Rails;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>All that the response side remembers. Owned by the <c>ResponseEngine</c>; its desks read and change it, one at a time.</summary>
internal sealed class ResponseMemory
{
    private const byte FormatVersion = 2;

    private static readonly StateKey EngineKey = new(StateKind.Engine, "");
    private const int MostDismissals = 1000;

    private static readonly TimeSpan StrangerForgottenAfter = TimeSpan.FromDays(30);

    private readonly MemoryWriter _scratch = new();
    private readonly Dictionary<string, string> _agentOfIncident = new(StringComparer.Ordinal);
    private readonly PieceTable<Incident> _incidents = new(StateKind.Incident);
    private readonly PieceTable<RegistryEntry> _registryEntries = new(StateKind.RegistryEntry);
    private readonly PieceTable<Dismissal> _dismissals = new(StateKind.Dismissal);
    private readonly AgentRegistry _declared;

    public ResponseMemory(ResponseOptions options, AgentRegistry registry, ResponsePolicy policy)
    {
        Options = options;
        _declared = Registry = registry;
        Policy = policy;
        Budget = new SuspensionBudget(options.Suspension);
    }

    public ResponseOptions Options { get; }

    public ResponsePolicy Policy { get; }

    /// <summary>What is declared: the file, and what the journal changed of it.</summary>
    public AgentRegistry Registry { get; private set; }

    /// <summary>What the journal says of the registry, by id in ordinal order; a new list at each change.</summary>
    public IReadOnlyList<RegistryEntry> RegistryEntries { get; private set; } = [];

    /// <summary>The latest dismissal of each agent, in order of time, at most a thousand; a new list at each change.</summary>
    public IReadOnlyList<Dismissal> Dismissals { get; private set; } = [];

    /// <summary>The journal's clock.</summary>
    public DateTimeOffset Now { get; set; } = DateTimeOffset.MinValue;

    public ProcessedIds Processed { get; } = new();

    public SuspensionBudget Budget { get; }

    public Disarmament Disarmament { get; } = new();

    public SuspensionBook Suspensions { get; } = new();

    public PieceTable<AgentRisk> Risks { get; } = new(StateKind.Risk);

    public PieceTable<AgentRecord> Records { get; } = new(StateKind.AgentRecord);

    public PieceTable<Judgement> Judgements { get; } = new(StateKind.Judgement);

    public PieceTable<UnregisteredAgent> Strangers { get; } = new(StateKind.Stranger);

    public CredentialUsers Credentials { get; } = new();

    public DueTimes Due { get; } = new();

    /// <summary>Open incidents by agent.</summary>
    public IReadOnlyDictionary<string, Incident> Incidents => _incidents.All;

    /// <summary>Alerts about the automation itself so far: the next one's number.</summary>
    public int AutomationAlerts { get; set; }

    public Incident? IncidentOf(string agentId) => _incidents.Find(agentId);

    public Incident? IncidentById(string id) => _agentOfIncident.TryGetValue(id, out var agent) ? _incidents.Find(agent) : null;

    /// <summary>The incident of a suspension while it is open.</summary>
    public Incident? IncidentOf(Suspension suspension) => suspension.IncidentId is { } id ? IncidentById(id) : null;

    public void Open(Incident incident)
    {
        _incidents.Add(incident.AgentId, incident);
        _agentOfIncident.Add(incident.Id, incident.AgentId);
    }

    public void Changed(Incident incident) => _incidents.Changed(incident.AgentId);

    /// <summary>The incident got another anomaly: it stays open for a quiet period from now.</summary>
    public void Touch(Incident incident)
    {
        Changed(incident);
        Due.Set(DueKind.Incident, incident.AgentId, incident.LastAt + Options.Incidents.QuietPeriod);
    }

    public void Remove(Incident incident)
    {
        _incidents.Remove(incident.AgentId);
        _agentOfIncident.Remove(incident.Id);
        Due.Clear(DueKind.Incident, incident.AgentId);
    }

    public AgentRecord RecordOf(string agentId)
    {
        if (Records.Find(agentId) is not { } record)
        {
            record = new AgentRecord(agentId);
            Records.Add(agentId, record);
        }

        return record;
    }

    public void Changed(AgentRecord record)
    {
        Records.Changed(record.AgentId);
        Due.Set(DueKind.Record, record.AgentId, record.LastAt + Options.Suspension.RepeatsWithin);
    }

    public void ForgetRisk(string agentId)
    {
        if (Risks.Find(agentId) is not null)
        {
            Risks.Remove(agentId);
            Due.Clear(DueKind.Risk, agentId);
        }
    }

    public void Touch(UnregisteredAgent stranger)
    {
        stranger.ToldAt = Now;
        Strangers.Changed(stranger.AgentId);
        Due.Set(DueKind.Stranger, stranger.AgentId, Now + StrangerForgottenAfter);
    }

    public void Change(RegistryChange change)
    {
        if (_registryEntries.Find(change.AgentId) is not null)
        {
            _registryEntries.Remove(change.AgentId);
        }

        _registryEntries.Add(change.AgentId, new RegistryEntry(change.AgentId, change.Agent));
        Amend();
        foreach (var known in Strangers.All.Keys.Where(id => Registry.Find(id) is not null).ToList())
        {
            Strangers.Remove(known);
            Due.Clear(DueKind.Stranger, known);
        }
    }

    /// <summary>A person found an incident harmless.</summary>
    public void Dismiss(Incident incident)
    {
        var at = Dismissals.Count > 0 && Dismissals[^1].At >= Now ? Dismissals[^1].At.AddTicks(1) : Now;
        var former = _dismissals.Find(incident.AgentId) is not null ? incident.AgentId : Dismissals.Count == MostDismissals ? Dismissals[0].AgentId : null;
        if (former is not null)
        {
            _dismissals.Remove(former);
        }

        _dismissals.Add(incident.AgentId, new Dismissal(incident.AgentId, incident.FirstEventTime, at));
        Dismissals = [.. _dismissals.All.Values.OrderBy(d => d.At)];
    }

    public void Save(IStateWriter writer)
    {
        _scratch.Clear();
        _scratch.WriteByte(FormatVersion);
        _scratch.WriteTime(Now);
        _scratch.WriteVariable((ulong)AutomationAlerts);
        Budget.Save(_scratch);
        Disarmament.Save(_scratch);
        writer.Write(EngineKey, _scratch.Written);
        Processed.Save(writer, _scratch);
        _incidents.Save(writer, _scratch);
        Suspensions.Save(writer, _scratch);
        Risks.Save(writer, _scratch);
        Records.Save(writer, _scratch);
        Judgements.Save(writer, _scratch);
        _registryEntries.Save(writer, _scratch);
        Strangers.Save(writer, _scratch);
        Credentials.Save(writer, _scratch);
        _dismissals.Save(writer, _scratch);
    }

    public void Load(IStateReader saved)
    {
        if (!saved.TryRead(EngineKey, out var bytes))
        {
            return;
        }

        var reader = new MemoryReader(bytes.Span);
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"Response memory of format {version} was saved; this version reads format {FormatVersion}.");
        }

        Now = reader.ReadTime();
        AutomationAlerts = reader.ReadInt32();
        Budget.Load(ref reader);
        Disarmament.Load(ref reader);
        Processed.Load(saved);
        _incidents.Load(saved);
        Suspensions.Load(saved);
        Risks.Load(saved);
        Records.Load(saved);
        Judgements.Load(saved);
        _registryEntries.Load(saved);
        Strangers.Load(saved);
        Credentials.Load(saved);
        _dismissals.Load(saved);
        Restore();
    }

    private void Amend()
    {
        RegistryEntries = [.. _registryEntries.All.Values];
        Registry = new RegistryAmendments(0, RegistryEntries).Over(_declared);
    }

    /// <summary>What is not saved because it follows from what is.</summary>
    private void Restore()
    {
        Amend();
        Dismissals = [.. _dismissals.All.Values.OrderBy(d => d.At)];
        foreach (var incident in _incidents.All.Values)
        {
            _agentOfIncident.Add(incident.Id, incident.AgentId);
            Due.Set(DueKind.Incident, incident.AgentId, incident.LastAt + Options.Incidents.QuietPeriod);
        }

        foreach (var suspension in Suspensions.All.Values.Where(s => s.State != SuspensionState.Lifting))
        {
            Due.Set(DueKind.Suspension, suspension.Id, suspension.ExpiresAt);
        }

        foreach (var risk in Risks.All.Values)
        {
            Due.Set(DueKind.Risk, risk.AgentId, risk.GoneAt(Options.Incidents.RiskHalfLife));
        }

        foreach (var record in Records.All.Values)
        {
            Due.Set(DueKind.Record, record.AgentId, record.LastAt + Options.Suspension.RepeatsWithin);
        }

        foreach (var judgement in Judgements.All.Values)
        {
            Due.Set(DueKind.Judgement, judgement.SuspensionId, judgement.OrderedAt + Options.Suspension.JudgedWithin);
        }

        foreach (var stranger in Strangers.All.Values)
        {
            Due.Set(DueKind.Stranger, stranger.AgentId, stranger.ToldAt + StrangerForgottenAfter);
        }
    }
}
