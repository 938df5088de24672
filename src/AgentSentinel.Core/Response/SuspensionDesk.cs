using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Response;

/// <summary>Takes suspensions from their proposal or order to their end.</summary>
internal sealed class SuspensionDesk(ResponseMemory memory)
{
    /// <summary>How many suspensions of an agent count as repeats now.</summary>
    public int RepeatsOf(string agentId) => memory.Records.Find(agentId)?.CountSince(memory.Now - memory.Options.Suspension.RepeatsWithin) ?? 0;

    /// <summary>Why two people must agree to stop an agent, or null.</summary>
    public string? NeedOfTwo(string agentId)
    {
        var agent = memory.Registry.Find(agentId);
        return agent is { IsProtected: true } || Glob.MatchesAnyId(memory.Options.Suspension.ProtectedAgents, agentId) ? "the agent is protected"
            : agent is not null && IsLastOfGroup(agent) ? "no other agent of its group is left to do its work"
            : null;
    }

    public void Propose(Suspension suspension, string summary, ResponseOutput output)
    {
        suspension.ExpiresAt = memory.Now + suspension.Duration;
        memory.Suspensions.Move(suspension, SuspensionState.Proposed);
        memory.Due.Set(DueKind.Suspension, suspension.Id, suspension.ExpiresAt);
        Alert(suspension, AlertKind.SuspensionProposed, memory.Now, summary, output);
    }

    public void Order(Suspension suspension, ResponseOutput output)
    {
        // A person may approve it when its incident is over: then what it was proposed for stands.
        if (memory.IncidentOf(suspension) is { } incident)
        {
            suspension.TakeFrom(incident);
        }

        var record = memory.RecordOf(suspension.AgentId);
        suspension.Repeat = RepeatsOf(suspension.AgentId);
        suspension.OrderedAt = memory.Now;
        suspension.ExpiresAt = memory.Now + memory.Options.Suspension.DurationAfter(suspension.Duration, suspension.Repeat);
        memory.Suspensions.Move(suspension, SuspensionState.Ordered);
        memory.Due.Set(DueKind.Suspension, suspension.Id, suspension.ExpiresAt);
        record.Add(suspension.Id, memory.Now);
        memory.Changed(record);
        output.Orders.Add(new SuspensionOrder(
            suspension.Id,
            SuspensionAction.Suspend,
            suspension.Id,
            memory.Now,
            suspension.AgentId,
            OwnCredentials(suspension),
            suspension.IncidentId,
            suspension.Severity,
            suspension.DecidedBy,
            suspension.Reason,
            suspension.ExpiresAt,
            suspension.Evidence)
        {
            Target = suspension.Target,
            PolicyVersion = suspension.PolicyVersion,
            Rule = suspension.Rule,
            Repeat = suspension.Repeat,
        });
        Alert(suspension, AlertKind.SuspensionOrdered, memory.Now, $"suspension of the {NameOf(suspension.Target.Kind)} ordered by {suspension.DecidedBy}: {suspension.Reason}", output);
    }

    /// <summary>A person approves what was proposed. Where two are needed the first one's word waits for the second's.</summary>
    public void Approve(Suspension suspension, string actor, ResponseOutput output)
    {
        if (NeedOfTwo(suspension.AgentId) is { } need)
        {
            if (suspension.FirstApproval is null)
            {
                suspension.FirstApproval = actor;
                memory.Suspensions.Changed(suspension);
                Alert(suspension, AlertKind.SuspensionProposed, memory.Now, $"approved by {actor}; a second person has to approve, because {need}: {suspension.Reason}", output);
                return;
            }

            if (suspension.FirstApproval == actor)
            {
                return;
            }
        }

        suspension.DecidedBy = suspension.FirstApproval is { } first && first != actor ? $"{first} and {actor}" : actor;
        Order(suspension, output);
    }

    /// <summary>A person orders a suspension.</summary>
    public void Suspend(OperatorCommand command, ResponseOutput output)
    {
        // One that is being lifted does not bind a person: the agent is about to run again.
        var target = command.Part is { } part && part.Kind != SuspensionTargetKind.Agent ? part : SuspensionTarget.OfAgent(command.Target);
        var existing = memory.Suspensions.OfAgent(command.Target).Where(s => s.State != SuspensionState.Lifting).ToList();
        if (existing.Exists(s => s.IsInForce && (s.Target == target || s.Target.Kind > target.Kind)))
        {
            return;
        }

        if (existing.Find(s => s.State == SuspensionState.Proposed && s.Target == target) is { } proposed)
        {
            Approve(proposed, command.Actor, output);
            return;
        }

        var incident = memory.IncidentOf(command.Target);
        var suspension = new Suspension(ResponseId.OfSuspension(command.Id, 0), command.Target)
        {
            Target = target,
            Owner = memory.Registry.Find(command.Target)?.Owner ?? "",
            IncidentId = incident?.Id,
            DecidedBy = command.Actor,
            Reason = command.Reason,
            Severity = incident?.Severity ?? Severity.High,
            Duration = memory.Options.Suspension.Duration,
        };
        memory.Suspensions.Add(suspension);
        if (incident is not null)
        {
            suspension.TakeFrom(incident);
            incident.SuspensionId = suspension.Id;
            memory.Changed(incident);
        }

        if (NeedOfTwo(command.Target) is { } need)
        {
            suspension.FirstApproval = command.Actor;
            Propose(suspension, $"asked for by {command.Actor}; a second person has to approve, because {need}: {suspension.Reason}", output);
            return;
        }

        Order(suspension, output);
    }

    /// <summary>Lifts a suspension, or withdraws one that was only proposed.</summary>
    /// <param name="suspension">One that is not being lifted.</param>
    /// <param name="at">When, by the journal's clock.</param>
    /// <param name="actor">A person, or <c>expiry</c>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isByPerson">Whether a person decided it.</param>
    /// <param name="output">Where alerts and orders go.</param>
    public void End(Suspension suspension, DateTimeOffset at, string actor, string reason, bool isByPerson, ResponseOutput output)
    {
        memory.Due.Clear(DueKind.Suspension, suspension.Id);
        if (suspension.State == SuspensionState.Proposed)
        {
            Forget(suspension);
            Alert(suspension, AlertKind.SuspensionLifted, at, $"proposed suspension withdrawn by {actor}: {reason}", output);
            return;
        }

        var record = memory.RecordOf(suspension.AgentId);
        record.EndedAt = at > record.EndedAt ? at : record.EndedAt;
        record.LiftedByPersonAt = isByPerson ? at : record.LiftedByPersonAt;
        memory.Changed(record);
        suspension.Verification = null;
        memory.Suspensions.Move(suspension, SuspensionState.Lifting);
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
            [])
        {
            Target = suspension.Target,
            PolicyVersion = suspension.PolicyVersion,
            Rule = suspension.Rule,
            Repeat = suspension.Repeat,
        });
        Alert(suspension, AlertKind.SuspensionLifted, at, $"lift ordered by {actor}: {reason}", output);
    }

    /// <summary>It is over: nothing more will be heard of it.</summary>
    public void Forget(Suspension suspension)
    {
        memory.Suspensions.Remove(suspension);
        memory.Due.Clear(DueKind.Suspension, suspension.Id);
        if (memory.IncidentOf(suspension) is { } incident && incident.SuspensionId == suspension.Id)
        {
            incident.SuspensionId = null;
            memory.Changed(incident);
        }
    }

    public void Alert(Suspension suspension, AlertKind kind, DateTimeOffset time, string summary, ResponseOutput output) =>
        output.Alerts.Add(AlertFrom.About(suspension, memory.IncidentOf(suspension), kind, time, summary));

    public static string NameOf(SuspensionTargetKind kind) => kind switch
    {
        SuspensionTargetKind.Session => "session",
        SuspensionTargetKind.Credential => "credential",
        _ => "agent",
    };

    /// <summary>
    /// Registered credentials are taken at the registry's word. Telemetry may claim any credential, another agent's too: where agents are
    /// registered, one that is not the agent's own is never handed to the receiver.
    /// </summary>
    private string[] OwnCredentials(Suspension suspension)
    {
        if (suspension.Target.Kind == SuspensionTargetKind.Credential)
        {
            return [suspension.Target.Id];
        }

        return memory.Registry.IsEmpty ? [.. suspension.Credentials]
            : [.. suspension.Credentials.Where(c => memory.Registry.HolderOf(c) is { } holder && holder.Id == suspension.AgentId)];
    }

    private bool IsLastOfGroup(RegisteredAgent agent)
    {
        var members = memory.Registry.MembersOf(agent.PeerGroup);
        if (members.Count < 2 || (agent.Substitute is { } substitute && !IsStopped(substitute)))
        {
            return false;
        }

        foreach (var member in members)
        {
            if (member != agent.Id && !IsStopped(member))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsStopped(string agentId) =>
        memory.Suspensions.OfAgent(agentId).Any(s => s is { IsInForce: true, Target.Kind: SuspensionTargetKind.Agent });
}
