using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Response.Policy;

/// <summary>When a rule applies: all that is said must hold; what is not said does not matter.</summary>
public sealed record PolicyConditions
{
    /// <summary>Least severity of the incident.</summary>
    public Severity? Severity { get; init; }

    /// <summary>Least risk of the agent.</summary>
    public double? Risk { get; init; }

    /// <summary>Detectors (globs) of which at least one has evidence in the incident.</summary>
    public IReadOnlyList<string> Detectors { get; init; } = [];

    /// <summary>Agents (globs).</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>Peer groups (globs); an agent without one is in none.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Least label of what was touched.</summary>
    public Sensitivity? Sensitivity { get; init; }

    /// <summary>Whether an incident meets them.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="agent">What is declared of its agent, or null.</param>
    public bool AreMet(Incident incident, RegisteredAgent? agent) =>
        (Severity is null || incident.Severity >= Severity)
        && (Risk is null || incident.Risk >= Risk)
        && (Sensitivity is null || incident.Sensitivity >= Sensitivity)
        && (Agents.Count == 0 || Glob.MatchesAnyId(Agents, incident.AgentId))
        && (Groups.Count == 0 || (agent is { PeerGroup.Length: > 0 } && Glob.MatchesAny(Groups, agent.PeerGroup)))
        && (Detectors.Count == 0 || incident.Evidence.Any(e => Glob.MatchesAny(Detectors, e.Detector)));
}
