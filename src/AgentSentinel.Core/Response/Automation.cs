using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Core.Response.Rails;

namespace AgentSentinel.Core.Response;

/// <summary>What the policy wants done about an incident, and whether the rails let it be done without a person.</summary>
internal sealed class Automation(ResponseMemory memory, SuspensionDesk desk)
{
    /// <summary>What the policy asks for now; null when nothing, or when what it asks for is done or proposed already.</summary>
    public PolicyDecision? Consider(Incident incident)
    {
        var agent = memory.Registry.Find(incident.AgentId);
        if (memory.Policy.RuleFor(incident, agent) is not { Then: > ResponseStep.Notify } rule)
        {
            return null;
        }

        var target = SmallestTarget(rule.Then, incident, agent);
        if (IsCovered(incident.AgentId, target))
        {
            return null;
        }

        var mode = memory.Policy.ModeFor(agent, memory.Options.Suspension.Mode);
        var duration = memory.Options.Suspension.DurationAfter(rule.Duration ?? memory.Options.Suspension.Duration, desk.RepeatsOf(incident.AgentId));
        var objection = mode == SuspensionMode.Observe ? "the mode is to observe" : Objection(rule, mode, incident, agent);
        return new PolicyDecision(
            memory.Now,
            incident.Id,
            incident.AgentId,
            memory.Policy.Version,
            rule.Name,
            rule.Then,
            mode,
            target,
            objection,
            incident.Severity,
            incident.Risk,
            memory.Now + duration,
            mode == SuspensionMode.Observe ? null : ResponseId.OfSuspension(incident.Id, incident.Suspensions));
    }

    /// <summary>Carries a decision out, or proposes it.</summary>
    public void Act(Incident incident, PolicyDecision? decision, ResponseOutput output)
    {
        if (decision is null)
        {
            return;
        }

        if (decision.SuspensionId is null)
        {
            // Observed decisions are told when an incident opens or becomes worse; each once is enough for the audit as well.
            if (incident.ObservedSteps < (int)decision.Step)
            {
                incident.ObservedSteps = (int)decision.Step;
                output.Decisions.Add(decision);
            }

            return;
        }

        output.Decisions.Add(decision);
        incident.Suspensions++;
        var owner = memory.Registry.Find(incident.AgentId)?.Owner ?? "";
        var suspension = new Suspension(decision.SuspensionId, incident.AgentId)
        {
            Target = decision.Target,
            Owner = owner,
            IncidentId = incident.Id,
            DecidedBy = "policy",
            PolicyVersion = decision.PolicyVersion,
            Rule = decision.Rule,
            Reason = incident.Evidence[0].Explanation,
            Severity = incident.Severity,
            IsAutomatic = decision.Objection is null,
            Duration = memory.Policy.Rules.First(r => r.Name == decision.Rule).Duration ?? memory.Options.Suspension.Duration,
        };
        suspension.TakeFrom(incident);
        memory.Suspensions.Add(suspension);
        incident.SuspensionId = suspension.Id;
        memory.Changed(incident);
        if (decision.Objection is { } objection)
        {
            desk.Propose(suspension, $"suspension proposed, because {objection}: {suspension.Reason}", output);
            return;
        }

        memory.Budget.Spend(memory.Now, owner);
        memory.Judgements.Add(suspension.Id, new Judgement(suspension.Id, suspension.AgentId, owner, incident.Id, memory.Now));
        memory.Due.Set(DueKind.Judgement, suspension.Id, memory.Now + memory.Options.Suspension.JudgedWithin);
        desk.Order(suspension, output);
    }

    /// <summary>
    /// The least that stops the harm, from what the rule names upwards: a session when everything happened in it; a credential when it is the
    /// only one and registered as this very agent's, since telemetry may claim any; else the agent.
    /// </summary>
    private static SuspensionTarget SmallestTarget(ResponseStep step, Incident incident, RegisteredAgent? agent)
    {
        if (step == ResponseStep.SuspendSession && !incident.IsBeyondSessions && incident.Sessions.Count == 1)
        {
            return new SuspensionTarget(SuspensionTargetKind.Session, incident.Sessions[0]);
        }

        var isOwn = incident.Credentials.Count == 1 && agent?.Id == incident.AgentId && agent.Credentials.Contains(incident.Credentials[0]);
        return step is ResponseStep.SuspendSession or ResponseStep.SuspendCredential && isOwn
            ? new SuspensionTarget(SuspensionTargetKind.Credential, incident.Credentials[0])
            : SuspensionTarget.OfAgent(incident.AgentId);
    }

    /// <summary>Proposed, or stopped as widely already; a lift that is on its way is waited for.</summary>
    private bool IsCovered(string agentId, SuspensionTarget target)
    {
        foreach (var suspension in memory.Suspensions.OfAgent(agentId))
        {
            if (!suspension.IsInForce || suspension.Target == target || suspension.Target.Kind > target.Kind)
            {
                return true;
            }
        }

        return false;
    }

    private string? Objection(PolicyRule rule, SuspensionMode mode, Incident incident, RegisteredAgent? agent)
    {
        var options = memory.Options.Suspension;
        var owner = agent?.Owner ?? "";
        return mode == SuspensionMode.Approve ? "the mode is to ask first"
            : rule.Then == ResponseStep.Propose ? "the policy asks first"
            : memory.Disarmament.Objection(owner)
            ?? desk.NeedOfTwo(incident.AgentId)
            ?? (incident.LastEventTime - incident.KnownSince < options.MinimumHistory ? "the agent is known for too short a time"
            : memory.Records.Find(incident.AgentId) is { } record && memory.Now < record.LiftedByPersonAt + options.CoolDown ? "a person lifted its suspension a short time ago"
            : memory.Budget.Objection(
                memory.Now, memory.Registry.IsEmpty ? null : owner, memory.Suspensions.Automatic, memory.Suspensions.AutomaticOf(owner)));
    }
}
