using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core;

/// <summary>
/// What to do: the fold over the journal. The same entries give the same alerts and orders, whatever restarts lie in between.
/// </summary>
/// <remarks>
/// Not thread-safe: the journal's pipeline owns it. Its clock is the latest <see cref="JournalEntry.RecordedAt"/>; what time alone
/// causes (an incident closes, a suspension expires) is dated by the moment it was due, so that it does not matter when it was noticed.
/// </remarks>
public sealed class ResponseEngine
{
    private const byte FormatVersion = 1;

    private static readonly StateKey EngineKey = new(StateKind.Engine, "");

    private readonly ResponseOptions _options;
    private readonly MemoryWriter _scratch = new();
    private readonly ProcessedIds _processed = new();
    private readonly SuspensionBudget _budget;
    private readonly PieceTable<Incident> _incidents = new(StateKind.Incident);
    private readonly PieceTable<Suspension> _suspensions = new(StateKind.Suspension);
    private DateTimeOffset _now = DateTimeOffset.MinValue;

    /// <summary>Goes on where the saved memory ends.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="saved">The saved memory of the journal's pipeline.</param>
    /// <exception cref="MemoryFormatException">The saved memory is damaged or of another version.</exception>
    public ResponseEngine(ResponseOptions options, IStateReader saved)
    {
        _options = options;
        _budget = new SuspensionBudget(options.Suspension);
        Load(saved);
    }

    /// <summary>Open incidents by agent, in ordinal order.</summary>
    public IReadOnlyDictionary<string, Incident> OpenIncidents => _incidents.All;

    /// <summary>Suspensions that are proposed, in force or being lifted, by id in ordinal order.</summary>
    public IReadOnlyDictionary<string, Suspension> Suspensions => _suspensions.All;

    /// <summary>Agents active within a day, as far as the partitions have told.</summary>
    public int FleetSize => _budget.Fleet;

    /// <summary>Takes one entry of the journal.</summary>
    public void Process(JournalEntry entry, ResponseOutput output)
    {
        if (!_processed.Add(entry.Id))
        {
            return;
        }

        Advance(entry.RecordedAt, output);
        switch (entry)
        {
            case AnomalyFound found:
                Gather(found, output);
                break;
            case OperatorCommand command:
                Obey(command, output);
                break;
            case DeliveryReport report:
                Note(report, output);
                break;
            case AgentSeen:
                break;
            case FleetReport report:
                _budget.Tell(report);
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
        _now = now > _now ? now : _now;
        var due = new List<(DateTimeOffset At, string Id, Action Do)>();
        foreach (var incident in _incidents.All.Values)
        {
            var at = incident.LastAt + _options.Incidents.QuietPeriod;
            if (at <= _now)
            {
                due.Add((at, incident.Id, () => Close(incident, at, "quiet since", output)));
            }
        }

        foreach (var suspension in _suspensions.All.Values)
        {
            if (suspension.ExpiresAt <= _now && suspension.State != SuspensionState.Lifting)
            {
                due.Add((suspension.ExpiresAt, suspension.Id, () => End(suspension, suspension.ExpiresAt, "expiry", "its time is over", output)));
            }
        }

        foreach (var (_, _, act) in due.OrderBy(d => d.At).ThenBy(d => d.Id, StringComparer.Ordinal))
        {
            act();
        }
    }

    /// <summary>Writes what changed since the last time.</summary>
    public void Save(IStateWriter writer)
    {
        _scratch.Clear();
        _scratch.WriteByte(FormatVersion);
        _scratch.WriteTime(_now);
        _budget.Save(_scratch);
        writer.Write(EngineKey, _scratch.Written);
        _processed.Save(writer, _scratch);
        _incidents.Save(writer, _scratch);
        _suspensions.Save(writer, _scratch);
    }

    private void Gather(AnomalyFound found, ResponseOutput output)
    {
        var anomaly = found.Anomaly;
        var incident = _incidents.Find(anomaly.AgentId);
        var isNew = incident is null;
        if (incident is null)
        {
            incident = new Incident(ResponseId.OfIncident(anomaly.Id), anomaly, _now);
            _incidents.Add(anomaly.AgentId, incident);
        }

        incident.Add(anomaly, _now);
        _incidents.Changed(anomaly.AgentId);
        var severity = _options.Incidents.SeverityOf(incident.Risk);
        if (isNew || severity > incident.Severity)
        {
            incident.Severity = severity;
            Alert(incident, isNew ? AlertKind.Opened : AlertKind.Escalated, _now, WhatHappened(incident), output);
        }

        if (incident.Severity >= _options.Suspension.SuspendAt && incident.SuspensionId is null)
        {
            Decide(incident, output);
        }
    }

    private string WhatHappened(Incident incident)
    {
        var wouldSuspend = _options.Suspension.Mode == SuspensionMode.Observe && incident.Severity >= _options.Suspension.SuspendAt;
        return incident.Evidence[0].Explanation + (wouldSuspend ? " [observing only: would have been suspended]" : "");
    }

    private void Decide(Incident incident, ResponseOutput output)
    {
        var policy = _options.Suspension;
        if (policy.Mode == SuspensionMode.Observe || _suspensions.All.Values.Any(s => s.AgentId == incident.AgentId))
        {
            return;
        }

        var objection = policy.Mode == SuspensionMode.Approve ? "the mode is to ask first"
            : policy.ProtectedAgents.Any(p => Glob.MatchesId(p, incident.AgentId)) ? "the agent is protected"
            : incident.LastEventTime - incident.KnownSince < policy.MinimumHistory ? "the agent is known for too short a time"
            : _budget.Objection(_now, _suspensions.All.Values.Count(s => s.IsAutomatic && s.State != SuspensionState.Lifting));
        var suspension = new Suspension(
            ResponseId.OfSuspension(incident.Id, incident.Suspensions++),
            incident.AgentId,
            incident.Id,
            "policy",
            incident.Evidence[0].Explanation,
            incident.Severity,
            isAutomatic: objection is null);
        _suspensions.Add(suspension.Id, suspension);
        incident.SuspensionId = suspension.Id;
        if (objection is null)
        {
            _budget.Spend(_now);
            Order(suspension, incident, output);
            return;
        }

        suspension.State = SuspensionState.Proposed;
        suspension.ExpiresAt = _now + policy.Duration;
        _suspensions.Changed(suspension.Id);
        Alert(suspension, AlertKind.SuspensionProposed, _now, $"suspension proposed, because {objection}: {suspension.Reason}", output);
    }

    private void Order(Suspension suspension, Incident? incident, ResponseOutput output)
    {
        suspension.State = SuspensionState.Ordered;
        suspension.OrderedAt = _now;
        suspension.ExpiresAt = _now + _options.Suspension.Duration;
        _suspensions.Changed(suspension.Id);
        output.Orders.Add(new SuspensionOrder(
            suspension.Id,
            SuspensionAction.Suspend,
            suspension.Id,
            _now,
            suspension.AgentId,
            [.. incident?.Credentials ?? []],
            suspension.IncidentId,
            suspension.Severity,
            suspension.DecidedBy,
            suspension.Reason,
            suspension.ExpiresAt,
            [.. incident?.Evidence ?? []]));
        Alert(suspension, AlertKind.SuspensionOrdered, _now, $"suspension ordered by {suspension.DecidedBy}: {suspension.Reason}", output);
    }

    private void Obey(OperatorCommand command, ResponseOutput output)
    {
        switch (command.Command)
        {
            case OperatorCommandKind.Suspend:
                Suspend(command, output);
                break;
            case OperatorCommandKind.Approve when _suspensions.Find(command.Target) is { State: SuspensionState.Proposed } proposed:
                proposed.DecidedBy = command.Actor;
                Order(proposed, IncidentOf(proposed), output);
                break;
            case OperatorCommandKind.Lift when _suspensions.Find(command.Target) is { State: not SuspensionState.Lifting } suspension:
                End(suspension, _now, command.Actor, command.Reason, output);
                break;
            case OperatorCommandKind.Dismiss when _incidents.All.Values.FirstOrDefault(i => i.Id == command.Target) is { } incident:
                if (incident.SuspensionId is { } id && _suspensions.Find(id) is { State: SuspensionState.Proposed } open)
                {
                    End(open, _now, command.Actor, command.Reason, output);
                }

                Close(incident, _now, $"dismissed by {command.Actor}: {command.Reason};", output);
                break;
            default:
                // The target is gone, or was never there: somebody else was faster, or it is over already.
                break;
        }
    }

    private void Suspend(OperatorCommand command, ResponseOutput output)
    {
        // One that is being lifted does not bind a person: the agent is about to run again.
        var existing = _suspensions.All.Values.FirstOrDefault(s => s.AgentId == command.Target && s.State != SuspensionState.Lifting);
        if (existing is { State: not SuspensionState.Proposed })
        {
            return;
        }

        var incident = _incidents.Find(command.Target);
        if (existing is not null)
        {
            existing.DecidedBy = command.Actor;
            Order(existing, incident, output);
            return;
        }

        var suspension = new Suspension(
            ResponseId.OfSuspension(command.Id, 0),
            command.Target,
            incident?.Id,
            command.Actor,
            command.Reason,
            incident?.Severity ?? Severity.High,
            isAutomatic: false);
        _suspensions.Add(suspension.Id, suspension);
        if (incident is not null)
        {
            incident.SuspensionId = suspension.Id;
            _incidents.Changed(incident.AgentId);
        }

        Order(suspension, incident, output);
    }

    private void Note(DeliveryReport report, ResponseOutput output)
    {
        if (_suspensions.Find(report.SuspensionId) is not { } suspension)
        {
            return;
        }

        // A report about what was never ordered, or about a suspension whose lift is on its way, tells nothing that counts.
        var isLift = report.MessageId == ResponseId.OfLift(suspension.Id);
        var isDue = isLift ? suspension.State == SuspensionState.Lifting
            : report.MessageId == suspension.Id && suspension.State is SuspensionState.Ordered or SuspensionState.Undeliverable;
        if (!isDue)
        {
            return;
        }

        _suspensions.Changed(suspension.Id);
        var what = isLift ? "lift" : "suspension";
        switch (report.Outcome)
        {
            case DeliveryOutcome.Delivered when isLift:
                Forget(suspension);
                break;
            case DeliveryOutcome.Delivered:
                suspension.State = SuspensionState.Confirmed;
                Alert(suspension, AlertKind.SuspensionConfirmed, _now, $"suspension accepted by the receiver after {report.Attempts} attempt(s)", output);
                break;
            case DeliveryOutcome.Failing:
                Alert(suspension, AlertKind.SuspensionFailing, _now, $"{what} could not be delivered in {report.Attempts} attempts ({report.Detail}); attempts go on", output);
                break;
            case DeliveryOutcome.Undeliverable:
                if (isLift)
                {
                    // Nothing more will be heard of it: kept, it would stand in the way of the next suspension for ever.
                    Forget(suspension);
                }

                suspension.State = SuspensionState.Undeliverable;
                Alert(suspension, AlertKind.SuspensionUndeliverable, _now, $"{what} given up after {report.Attempts} attempts ({report.Detail}): act by hand", output);
                break;
            default:
                break;
        }
    }

    private void End(Suspension suspension, DateTimeOffset at, string actor, string reason, ResponseOutput output)
    {
        if (suspension.State == SuspensionState.Proposed)
        {
            Forget(suspension);
            Alert(suspension, AlertKind.SuspensionLifted, at, $"proposed suspension withdrawn by {actor}: {reason}", output);
            return;
        }

        suspension.State = SuspensionState.Lifting;
        _suspensions.Changed(suspension.Id);
        output.Orders.Add(new SuspensionOrder(
            ResponseId.OfLift(suspension.Id),
            SuspensionAction.Lift,
            suspension.Id,
            at,
            suspension.AgentId,
            [],
            suspension.IncidentId,
            suspension.Severity,
            actor,
            reason,
            null,
            []));
        Alert(suspension, AlertKind.SuspensionLifted, at, $"lift ordered by {actor}: {reason}", output);
    }

    private void Close(Incident incident, DateTimeOffset at, string why, ResponseOutput output)
    {
        _incidents.Remove(incident.AgentId);
        Alert(incident, AlertKind.Closed, at, $"{why} {incident.LastAt:u}", output);
    }

    private void Forget(Suspension suspension)
    {
        _suspensions.Remove(suspension.Id);
        if (IncidentOf(suspension) is { } incident && incident.SuspensionId == suspension.Id)
        {
            incident.SuspensionId = null;
            _incidents.Changed(incident.AgentId);
        }
    }

    private Incident? IncidentOf(Suspension suspension) =>
        _incidents.Find(suspension.AgentId) is { } incident && incident.Id == suspension.IncidentId ? incident : null;

    private static void Alert(Incident incident, AlertKind kind, DateTimeOffset time, string summary, ResponseOutput output) =>
        output.Alerts.Add(AlertFrom.About(incident, kind, time, summary));

    private void Alert(Suspension suspension, AlertKind kind, DateTimeOffset time, string summary, ResponseOutput output) =>
        output.Alerts.Add(AlertFrom.About(suspension, IncidentOf(suspension), kind, time, summary));

    private void Load(IStateReader saved)
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

        _now = reader.ReadTime();
        _budget.Load(ref reader);
        _processed.Load(saved);
        _incidents.Load(saved);
        _suspensions.Load(saved);
    }
}
