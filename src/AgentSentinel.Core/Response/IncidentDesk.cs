using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Core.Response;

/// <summary>Gathers anomalies into incidents, and closes those.</summary>
internal sealed class IncidentDesk(ResponseMemory memory, Automation automation)
{
    // What an agent's clients still try after a suspension was lifted, and reports of it that are on their way.
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(10);

    public void Gather(AnomalyFound found, ResponseOutput output)
    {
        var anomaly = found.Anomaly;
        if (IsAgainstClosedDoor(anomaly))
        {
            return;
        }

        var halfLife = memory.Options.Incidents.RiskHalfLife;
        var risk = RiskOf(anomaly.AgentId);
        risk.Add(anomaly, memory.Now, halfLife);
        memory.Risks.Changed(anomaly.AgentId);
        memory.Due.Set(DueKind.Risk, anomaly.AgentId, risk.GoneAt(halfLife));

        var incident = memory.IncidentOf(anomaly.AgentId);
        var isNew = incident is null;
        if (incident is null)
        {
            incident = new Incident(ResponseId.OfIncident(anomaly.Id), anomaly, memory.Now);
            memory.Open(incident);
        }

        incident.Add(anomaly, memory.Now);
        incident.Risk = risk.At(memory.Now, halfLife);
        memory.Touch(incident);
        var severity = memory.Options.Incidents.SeverityOf(incident.Risk);
        var isWorse = isNew || severity > incident.Severity;
        incident.Severity = isWorse ? severity : incident.Severity;
        var decision = automation.Consider(incident);
        if (isWorse)
        {
            Alert(incident, isNew ? AlertKind.Opened : AlertKind.Escalated, memory.Now, WhatHappened(incident, decision), output);
        }

        automation.Act(incident, decision, output);
    }

    public void Close(Incident incident, DateTimeOffset at, string why, ResponseOutput output)
    {
        memory.Remove(incident);
        Alert(incident, AlertKind.Closed, at, $"{why} {incident.LastAt:u}", output);
    }

    /// <summary>
    /// A suspension must not feed itself: what an agent fails at because it is suspended is no evidence. A session or credential that was
    /// stopped explains failures of its own only.
    /// </summary>
    private bool IsAgainstClosedDoor(Anomaly anomaly)
    {
        if (!anomaly.IsOfFailedCalls)
        {
            return false;
        }

        foreach (var suspension in memory.Suspensions.OfAgent(anomaly.AgentId))
        {
            var explains = suspension.Target.Kind switch
            {
                SuspensionTargetKind.Session => anomaly.SessionId is null || anomaly.SessionId == suspension.Target.Id,
                SuspensionTargetKind.Credential => anomaly.CredentialId is null || anomaly.CredentialId == suspension.Target.Id,
                _ => true,
            };
            if (explains && suspension.State != SuspensionState.Proposed)
            {
                return true;
            }
        }

        return memory.Records.Find(anomaly.AgentId) is { } record && memory.Now < record.EndedAt + Aftermath;
    }

    private AgentRisk RiskOf(string agentId)
    {
        if (memory.Risks.Find(agentId) is not { } risk)
        {
            risk = new AgentRisk(agentId);
            memory.Risks.Add(agentId, risk);
        }

        return risk;
    }

    private static string WhatHappened(Incident incident, PolicyDecision? decision)
    {
        var text = incident.Evidence[0].Explanation;
        return decision is { Mode: SuspensionMode.Observe, Step: > ResponseStep.Notify }
            ? $"{text} [observing only: would have been {(decision.Step == ResponseStep.Propose ? "proposed for suspension" : "suspended")}]"
            : text;
    }

    private static void Alert(Incident incident, AlertKind kind, DateTimeOffset time, string summary, ResponseOutput output) =>
        output.Alerts.Add(AlertFrom.About(incident, kind, time, summary));
}
