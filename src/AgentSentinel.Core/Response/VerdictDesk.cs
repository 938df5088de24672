using System.Globalization;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response.Rails;

namespace AgentSentinel.Core.Response;

/// <summary>Takes verdicts, and disarms the automation when they say that it is wrong too often, or when a person says so.</summary>
internal sealed class VerdictDesk(ResponseMemory memory, IncidentDesk incidents, SuspensionDesk suspensions)
{
    public void Judge(OperatorCommand command, ResponseOutput output)
    {
        var judged = memory.Judgements.All.Values.Where(j => j.SuspensionId == command.Target || j.IncidentId == command.Target).ToList();
        foreach (var judgement in judged)
        {
            judgement.Verdict = command.Verdict;
            judgement.JudgedAt = memory.Now;
            memory.Judgements.Changed(judgement.SuspensionId);
        }

        if (command.Verdict != Verdict.False)
        {
            return;
        }

        Undo(command, output);
        foreach (var judgement in judged)
        {
            if (memory.Records.Find(judgement.AgentId) is { } record)
            {
                record.Strike(judgement.SuspensionId);
                memory.Changed(record);
            }
        }

        if (judged.Count > 0)
        {
            DisarmIfWrongTooOften(output);
        }
    }

    public void Disarm(OperatorCommand command, ResponseOutput output)
    {
        var owner = OwnerOf(command);
        if (memory.Disarmament.Disarm(owner, command.Actor, memory.Now))
        {
            Tell(AlertKind.AutomationDisarmed, Severity.High, $"automation disarmed{For(owner)} by {command.Actor}: {command.Reason}", output);
        }
    }

    public void Arm(OperatorCommand command, ResponseOutput output)
    {
        var owner = OwnerOf(command);
        if (memory.Disarmament.Arm(owner, memory.Now))
        {
            Tell(AlertKind.AutomationArmed, Severity.Medium, $"automation armed{For(owner)} by {command.Actor}: {command.Reason}", output);
        }
    }

    /// <summary>What was done to an agent that did nothing wrong: its suspensions are lifted, its incident closed, its risk forgotten.</summary>
    private void Undo(OperatorCommand command, ResponseOutput output)
    {
        var incident = memory.IncidentById(command.Target);
        var named = memory.Suspensions.Find(command.Target);
        incident ??= named is null ? null : memory.IncidentOf(named);
        var agentId = incident?.AgentId ?? named?.AgentId;
        if (agentId is null)
        {
            return;
        }

        foreach (var suspension in memory.Suspensions.OfAgent(agentId).ToList())
        {
            var isMeant = suspension == named || (incident is not null && suspension.IncidentId == incident.Id);
            if (isMeant && suspension.State != SuspensionState.Lifting)
            {
                suspensions.End(suspension, memory.Now, command.Actor, $"found to be false: {command.Reason}", isByPerson: true, output);
            }
        }

        memory.ForgetRisk(agentId);
        if (incident is not null)
        {
            incidents.Close(incident, memory.Now, $"found to be false by {command.Actor}: {command.Reason};", output);
        }
    }

    /// <summary>
    /// Counted are agents, not suspensions, and neither a single owner's agents nor ids that somebody made up beside them can disarm it for all: whoever
    /// gets agents of his own suspended for nothing must not thereby leave others without protection.
    /// </summary>
    private void DisarmIfWrongTooOften(ResponseOutput output)
    {
        var since = memory.Disarmament.ArmedAt;
        var judged = memory.Judgements.All.Values.Where(j => j.Verdict is not null && j.JudgedAt > since).ToList();
        if (!IsWrongTooOften(judged))
        {
            return;
        }

        var owners = judged.Where(j => j.Verdict == Verdict.False).Select(j => j.Owner).Distinct().ToList();
        if (owners.Count(o => o.Length > 0) > 1 || memory.Registry.IsEmpty)
        {
            DisarmItself(Disarmament.Everybody, judged, output);
            return;
        }

        foreach (var owner in owners)
        {
            DisarmItself(owner, judged.FindAll(j => j.Owner == owner), output);
        }
    }

    private bool IsWrongTooOften(List<Judgement> judged)
    {
        var (wrong, all) = (WronglySuspended(judged), judged.Select(j => j.AgentId).Distinct().Count());
        return wrong >= memory.Options.Suspension.LeastFalse && wrong > memory.Options.Suspension.MaxFalseShare * all;
    }

    private void DisarmItself(string owner, List<Judgement> judged, ResponseOutput output)
    {
        if (!memory.Disarmament.Disarm(owner, "itself", memory.Now))
        {
            return;
        }

        var all = judged.Select(j => j.AgentId).Distinct().Count();
        Tell(
            AlertKind.AutomationDisarmed,
            Severity.Critical,
            string.Create(CultureInfo.InvariantCulture, $"automation disarmed itself{For(owner)}: {WronglySuspended(judged)} of {all} judged agents had been suspended wrongly"),
            output);
    }

    private static int WronglySuspended(List<Judgement> judged) => judged.Where(j => j.Verdict == Verdict.False).Select(j => j.AgentId).Distinct().Count();

    private static string OwnerOf(OperatorCommand command) => command.Target.Length == 0 ? Disarmament.Everybody : command.Target;

    private static string For(string owner) => owner switch
    {
        Disarmament.Everybody => "",
        "" => " for agents without an owner",
        _ => $" for agents of {owner}",
    };

    private void Tell(AlertKind kind, Severity severity, string summary, ResponseOutput output) => output.Alerts.Add(new Alert(
        string.Create(CultureInfo.InvariantCulture, $"automation-{++memory.AutomationAlerts}"), kind, memory.Now, null, "", severity, summary, 0, 0, null, null, null, []));
}
