using System.ComponentModel;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Suspension;

/// <summary>Who an agent is to a receiver. A list and no map: the keys of a map know no case, and another agent's id may differ by case alone.</summary>
public sealed record AgentTargetOptions
{
    /// <summary>The agent's id in telemetry, exactly.</summary>
    [Description("The agent's id in telemetry, exactly.")]
    public string Agent { get; init; } = "";

    /// <summary>What the receiver knows it by.</summary>
    [Description("What the receiver knows it by: an object id, client id, e-mail of a service account, or the like.")]
    public string Target { get; init; } = "";

    internal static IEnumerable<string> Errors(string property, IReadOnlyList<AgentTargetOptions> agents)
    {
        for (var i = 0; i < agents.Count; i++)
        {
            if (agents[i].Agent.Length == 0 || agents[i].Target.Length == 0)
            {
                yield return $"{property}[{i}]: Agent and Target are needed.";
            }
        }

        foreach (var twice in agents.GroupBy(a => a.Agent, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            yield return $"{property}: an agent is named twice.";
        }
    }

    /// <summary>
    /// Whom an order means at the receiver; null when it does not know the agent, or when only a session or a credential is to be stopped: the identity is
    /// more than that, and no receiver may take away more than was decided.
    /// </summary>
    internal static string? Find(IEnumerable<AgentTargetOptions> agents, SuspensionOrder order) =>
        order.Target.Kind == SuspensionTargetKind.Agent ? agents.FirstOrDefault(a => a.Agent == order.AgentId)?.Target : null;
}
