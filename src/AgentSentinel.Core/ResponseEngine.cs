using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core;

/// <summary>
/// What to do: the fold over the journal. The same entries give the same alerts and orders, whatever restarts lie in between.
/// </summary>
/// <remarks>
/// Not thread-safe: the journal's pipeline owns it. Its clock is the latest <see cref="JournalEntry.RecordedAt"/>; what time alone
/// causes (an incident closes, a suspension expires) is dated by the moment it was due, so that it does not matter when it was noticed.
/// Cost per entry: O(log n) in open incidents and suspensions; a verdict also looks at the automatic suspensions of some days.
/// </remarks>
public sealed class ResponseEngine
{
    // A flood of made-up ids must not become memory without bound; those beyond it are still told of as anomalies.
    private const int MostStrangers = 10_000;

    private readonly ResponseMemory _memory;
    private readonly IncidentDesk _incidents;
    private readonly SuspensionDesk _suspensions;
    private readonly DeliveryDesk _deliveries;
    private readonly VerdictDesk _verdicts;

    /// <summary>Goes on where the saved memory ends.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="saved">The saved memory of the journal's pipeline.</param>
    /// <param name="registry">What is declared of the agents; null when nothing is.</param>
    /// <param name="policy">The policy; null for the built-in one.</param>
    /// <exception cref="MemoryFormatException">The saved memory is damaged or of another version.</exception>
    public ResponseEngine(ResponseOptions options, IStateReader saved, AgentRegistry? registry = null, ResponsePolicy? policy = null)
    {
        _memory = new ResponseMemory(options, registry ?? AgentRegistry.Empty, policy ?? ResponsePolicy.BuiltIn(options.Suspension.SuspendAt));
        _suspensions = new SuspensionDesk(_memory);
        _incidents = new IncidentDesk(_memory, new Automation(_memory, _suspensions));
        _deliveries = new DeliveryDesk(_memory, _suspensions);
        _verdicts = new VerdictDesk(_memory, _incidents, _suspensions);
        _memory.Load(saved);
    }

    /// <summary>Open incidents by agent, in ordinal order.</summary>
    public IReadOnlyDictionary<string, Incident> OpenIncidents => _memory.Incidents;

    /// <summary>Suspensions that are proposed, in force or being lifted, by id in ordinal order.</summary>
    public IReadOnlyDictionary<string, Suspension> Suspensions => _memory.Suspensions.All;

    /// <summary>Agents that act and are not registered, by id in ordinal order; at most ten thousand.</summary>
    public IReadOnlyDictionary<string, UnregisteredAgent> UnregisteredAgents => _memory.Strangers.All;

    /// <summary>What is declared: the file, and what the journal changed of it.</summary>
    public AgentRegistry Registry => _memory.Registry;

    /// <summary>What the journal says of the registry, by id in ordinal order; a new list at each change.</summary>
    public IReadOnlyList<RegistryEntry> RegistryEntries => _memory.RegistryEntries;

    /// <summary>The latest dismissal of each agent, in order of time, at most a thousand; a new list at each change.</summary>
    public IReadOnlyList<Dismissal> Dismissals => _memory.Dismissals;

    /// <summary>The policy in force.</summary>
    public ResponsePolicy Policy => _memory.Policy;

    /// <summary>Agents active within a day, as far as the partitions have told.</summary>
    public int FleetSize => _memory.Budget.Fleet;

    /// <summary>Owners for whose agents the automation is disarmed; <c>*</c> stands for all.</summary>
    public IEnumerable<string> DisarmedOwners => _memory.Disarmament.Owners;

    /// <summary>The risk of an agent at a moment, which falls without anything having to happen; 0 when nothing was found of late.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="now">The moment.</param>
    public double RiskOf(string agentId, DateTimeOffset now) => _memory.Risks.Find(agentId)?.At(now, _memory.Options.Incidents.RiskHalfLife) ?? 0;

    /// <summary>The risk of one of an agent's latest sessions at a moment.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="now">The moment.</param>
    public double RiskOf(string agentId, string sessionId, DateTimeOffset now) =>
        _memory.Risks.Find(agentId)?.OfSession(sessionId, now, _memory.Options.Incidents.RiskHalfLife) ?? 0;

    /// <summary>The latest sessions of an agent in which something was found, the latest last; at most eight.</summary>
    /// <param name="agentId">The agent.</param>
    public IReadOnlyList<string> SessionsAtRisk(string agentId) => [.. _memory.Risks.Find(agentId)?.Sessions ?? []];

    /// <summary>
    /// The suspension that forbids an agent to act, the widest if there are several; null when it may. In force from the order on. Only
    /// the very id counts: one that looks alike, or that claims its session, is somebody else.
    /// </summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="sessionId">The session in which it wants to act, or null.</param>
    /// <param name="credentialId">The credential that it uses, or null.</param>
    public Suspension? Forbidding(string agentId, string? sessionId = null, string? credentialId = null)
    {
        Suspension? widest = null;
        foreach (var suspension in _memory.Suspensions.OfAgent(agentId))
        {
            var concerns = suspension.Target.Kind switch
            {
                SuspensionTargetKind.Session => suspension.Target.Id == sessionId,
                SuspensionTargetKind.Credential => suspension.Target.Id == credentialId,
                _ => true,
            };
            widest = concerns && suspension.IsInForce && (widest is null || suspension.Target.Kind > widest.Target.Kind) ? suspension : widest;
        }

        // A suspended credential is the registered one of the agent it was taken from: it opens nothing for anybody else either.
        return widest ?? (credentialId is null ? null : _memory.Suspensions.OfCredential(credentialId).FirstOrDefault(s => s.IsInForce));
    }

    /// <summary>What a person said of an automatic suspension, or of the incident that led to one, as long as it says something about the automation; null when nobody has.</summary>
    /// <param name="id">The suspension or the incident.</param>
    public Verdict? VerdictOn(string id) => _memory.Judgements.All.Values.FirstOrDefault(j => j.SuspensionId == id || j.IncidentId == id)?.Verdict;

    /// <summary>Takes one entry of the journal.</summary>
    /// <param name="entry">The entry; one with an id that was seen before changes nothing.</param>
    /// <param name="output">Where alerts, orders and decisions go.</param>
    public void Process(JournalEntry entry, ResponseOutput output)
    {
        if (!_memory.Processed.Add(entry.Id))
        {
            return;
        }

        Advance(entry.RecordedAt, output);
        switch (entry)
        {
            case AnomalyFound found:
                _incidents.Gather(found, output);
                break;
            case OperatorCommand command:
                Obey(command, output);
                break;
            case DeliveryReport report:
                _deliveries.Note(report, output);
                break;
            case CredentialSeen seen:
                if (_memory.Credentials.Note(seen.Sighting) is { } anomaly)
                {
                    _incidents.Gather(new AnomalyFound(anomaly, seen.RecordedAt), output);
                }

                break;
            case FleetReport report:
                _memory.Budget.Tell(report);
                break;
            case AgentSeen seen:
                Meet(seen, output);
                break;
            case RegistryChange change:
                _memory.Change(change);
                break;
            default:
                throw new InvalidOperationException($"The journal has an entry of kind {entry.GetType().Name} that nobody handles.");
        }
    }

    /// <summary>Lets time go on: closes incidents that became quiet, lifts suspensions that expired.</summary>
    /// <param name="now">The journal's clock; an earlier time than before changes nothing.</param>
    /// <param name="output">Where alerts and orders go.</param>
    public void Advance(DateTimeOffset now, ResponseOutput output)
    {
        _memory.Now = now > _memory.Now ? now : _memory.Now;
        while (_memory.Due.TryTake(_memory.Now, out var due))
        {
            switch (due.Kind)
            {
                case DueKind.Incident:
                    _incidents.Close(_memory.Incidents[due.Id], due.At, "quiet since", output);
                    break;
                case DueKind.Suspension:
                    _suspensions.End(_memory.Suspensions.All[due.Id], due.At, "expiry", "its time is over", isByPerson: false, output);
                    break;
                case DueKind.Risk:
                    _memory.Risks.Remove(due.Id);
                    break;
                case DueKind.Record:
                    _memory.Records.Remove(due.Id);
                    break;
                case DueKind.Judgement:
                    _memory.Judgements.Remove(due.Id);
                    break;
                default:
                    _memory.Strangers.Remove(due.Id);
                    break;
            }
        }
    }

    /// <summary>Writes what changed since the last time.</summary>
    /// <param name="writer">Takes it.</param>
    public void Save(IStateWriter writer) => _memory.Save(writer);

    private void Obey(OperatorCommand command, ResponseOutput output)
    {
        switch (command.Command)
        {
            case OperatorCommandKind.Suspend:
                _suspensions.Suspend(command, output);
                break;
            case OperatorCommandKind.Approve when _memory.Suspensions.Find(command.Target) is { State: SuspensionState.Proposed } proposed:
                _suspensions.Approve(proposed, command.Actor, output);
                break;
            case OperatorCommandKind.Lift when _memory.Suspensions.Find(command.Target) is { State: not SuspensionState.Lifting } suspension:
                _suspensions.End(suspension, _memory.Now, command.Actor, command.Reason, isByPerson: true, output);
                break;
            case OperatorCommandKind.Dismiss when _memory.IncidentById(command.Target) is { } incident:
                Dismiss(incident, command, output);
                break;
            case OperatorCommandKind.Verdict:
                _verdicts.Judge(command, output);
                break;
            case OperatorCommandKind.Disarm:
                _verdicts.Disarm(command, output);
                break;
            case OperatorCommandKind.Arm:
                _verdicts.Arm(command, output);
                break;
            default:
                // The target is gone, or was never there: somebody else was faster, or it is over already.
                break;
        }
    }

    private void Dismiss(Incident incident, OperatorCommand command, ResponseOutput output)
    {
        if (incident.SuspensionId is { } id && _memory.Suspensions.Find(id) is { State: SuspensionState.Proposed } open)
        {
            _suspensions.End(open, _memory.Now, command.Actor, command.Reason, isByPerson: true, output);
        }

        _memory.ForgetRisk(incident.AgentId);
        _memory.Dismiss(incident);
        _incidents.Close(incident, _memory.Now, $"dismissed by {command.Actor}: {command.Reason};", output);
    }

    private void Meet(AgentSeen seen, ResponseOutput output)
    {
        if (_memory.Registry.IsEmpty || _memory.Registry.Find(seen.AgentId) is not null)
        {
            return;
        }

        if (_memory.Strangers.Find(seen.AgentId) is { } known)
        {
            known.LastSeen = seen.Time > known.LastSeen ? seen.Time : known.LastSeen;
            _memory.Touch(known);
            return;
        }

        if (_memory.Strangers.All.Count == MostStrangers)
        {
            return;
        }

        var stranger = new UnregisteredAgent(seen.AgentId) { FirstSeen = seen.Time, LastSeen = seen.Time, MistakableFor = _memory.Registry.MistakableFor(seen.AgentId) };
        _memory.Strangers.Add(seen.AgentId, stranger);
        _memory.Touch(stranger);
        if (stranger.MistakableFor is { } other)
        {
            output.Alerts.Add(AlertFrom.About(stranger, other, _memory.Now));
        }
    }
}
