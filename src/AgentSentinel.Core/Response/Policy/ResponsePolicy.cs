using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Response.Policy;

/// <summary>What is to be done about which incident, as data. A value: a change is another policy with another version.</summary>
/// <param name="Version">Stands in every decision that it led to.</param>
/// <param name="Rules">The first that applies decides; when none does, people are told and that is all.</param>
public sealed record ResponsePolicy(string Version, IReadOnlyList<PolicyRule> Rules)
{
    /// <summary>Modes of peer groups; the first that fits counts.</summary>
    public IReadOnlyList<GroupMode> Modes { get; init; } = [];

    /// <summary>The mode of everybody else; null for what the options say.</summary>
    public SuspensionMode? Mode { get; init; }

    /// <summary>The policy of a deployment that declares none: from a severity on the agent is stopped.</summary>
    /// <param name="suspendAt">The severity.</param>
    public static ResponsePolicy BuiltIn(Severity suspendAt) =>
        new($"built-in: {suspendAt}", [new PolicyRule("severe", new PolicyConditions { Severity = suspendAt }, ResponseStep.SuspendAgent)]);

    /// <summary>The rule for an incident, or null.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="agent">What is declared of its agent, or null.</param>
    public PolicyRule? RuleFor(Incident incident, RegisteredAgent? agent)
    {
        foreach (var rule in Rules)
        {
            if (rule.When.AreMet(incident, agent))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>How far the automation may go for an agent.</summary>
    /// <param name="agent">What is declared of it, or null.</param>
    /// <param name="otherwise">The mode of the options.</param>
    public SuspensionMode ModeFor(RegisteredAgent? agent, SuspensionMode otherwise)
    {
        foreach (var group in Modes)
        {
            if (agent is { PeerGroup.Length: > 0 } && Glob.MatchesAny(group.Groups, agent.PeerGroup))
            {
                return group.Mode;
            }
        }

        return Mode ?? otherwise;
    }
}
