using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Options;
using AgentSentinel.Web.Charts;

namespace AgentSentinel.Web.Actions;

/// <summary>Gathers what an action's consequences depend on. The engine decides by what it knows then: this is what is known now.</summary>
internal sealed class ActionCases(SuspensionQueries suspensions, SeriesQueries series, SentinelOptions options, CurrentRegistry declared, TimeProvider time)
{
    private const int MostSuspensions = 100;

    private SuspensionOptions Rules => options.Response.Suspension;

    /// <summary>To suspend an agent, or something of it.</summary>
    /// <param name="agentId">The agent.</param>
    /// <param name="parts">What can be stopped, the smallest that stops the harm first.</param>
    public ActionCase Suspend(string agentId, IReadOnlyList<SuspensionTarget> parts)
    {
        var repeats = Repeats(agentId);
        return About(new ActionCase(OperatorCommandKind.Suspend, agentId, agentId) { Parts = parts, Repeats = repeats, Duration = Rules.DurationAfter(Rules.Duration, repeats) });
    }

    /// <summary>To approve or lift a suspension.</summary>
    public ActionCase Of(OperatorCommandKind kind, SuspensionRow suspension)
    {
        var duration = suspension.State == "proposed" ? Rules.DurationAfter(Rules.Duration, Repeats(suspension.AgentId)) : suspension.ExpiresAt - time.GetUtcNow();
        return About(new ActionCase(kind, suspension.AgentId, suspension.Id) { Suspension = suspension, Duration = duration });
    }

    /// <summary>To dismiss an incident, or to say what came out about it.</summary>
    public static ActionCase Of(OperatorCommandKind kind, IncidentRow incident) => new(kind, incident.AgentId, incident.Id);

    /// <summary>To arm or disarm the automation for all.</summary>
    public static ActionCase Automation(OperatorCommandKind kind) => new(kind, "", "*");

    /// <summary>
    /// What can be stopped, the smallest that stops the harm first: a session when all that was found happened in it, a credential when it is the
    /// only one that was used, else the agent.
    /// </summary>
    public static IReadOnlyList<SuspensionTarget> Parts(string agentId, IReadOnlyList<string?> sessions, IReadOnlyList<string> credentials)
    {
        var parts = new List<SuspensionTarget>();
        if (sessions.Count > 0 && sessions[0] is { } session && sessions.All(s => s == session))
        {
            parts.Add(new SuspensionTarget(SuspensionTargetKind.Session, session));
        }

        if (credentials.Count == 1)
        {
            parts.Add(new SuspensionTarget(SuspensionTargetKind.Credential, credentials[0]));
        }

        return [.. parts, SuspensionTarget.OfAgent(agentId)];
    }

    private ActionCase About(ActionCase action)
    {
        var agent = declared.Registry.Find(action.AgentId);
        var stopped = suspensions.List(new SuspensionFilter { States = ["ordered", "delivered", "confirmed"] }, true, new PageRequest(PageRequest.MostRows)).Items
            .Select(s => s.AgentId).ToHashSet(StringComparer.Ordinal);
        var peers = agent is { PeerGroup.Length: > 0 } ? declared.Registry.MembersOf(agent.PeerGroup).Where(m => m != action.AgentId).ToList() : null;
        return action with
        {
            Declared = agent,
            UsualCalls = UsualCalls(action.AgentId, action.Duration),
            PeersLeft = peers?.Count(p => !stopped.Contains(p)),
            NeedOfTwo = agent is { IsProtected: true } || Glob.MatchesAnyId(Rules.ProtectedAgents, action.AgentId) ? "the agent is protected"
                : peers is { Count: > 0 } && peers.All(stopped.Contains) && (agent!.Substitute is null || stopped.Contains(agent.Substitute)) ? "no other agent of its group is left to do its work"
                : null,
        };
    }

    private int Repeats(string agentId)
    {
        var since = time.GetUtcNow() - Rules.RepeatsWithin;
        return suspensions.List(new SuspensionFilter { AgentId = agentId }, true, new PageRequest(MostSuspensions)).Items.Count(s => s.OrderedAt >= since);
    }

    private double? UsualCalls(string agentId, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        var hours = series.Points(agentId, WindowDimension.Agent, "", false, SeriesResolution.Hour, now - WeekMeans.Span, now);
        return hours.Count == 0 ? null : WeekMeans.Of(hours, now).Sum(now, duration < TimeSpan.FromDays(7) ? duration : TimeSpan.FromDays(7));
    }
}
