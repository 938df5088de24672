using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Core.Response;

/// <summary>What the response engine wants done. The caller keeps one and clears it when it has taken what is in it.</summary>
public sealed class ResponseOutput
{
    /// <summary>Messages to people, in order. Best effort.</summary>
    public List<Alert> Alerts { get; } = [];

    /// <summary>Orders to the receiver of suspensions, in order. Required: durable before anything is committed.</summary>
    public List<SuspensionOrder> Orders { get; } = [];

    /// <summary>What the policy decided, in order. For the audit and for dry runs.</summary>
    public List<PolicyDecision> Decisions { get; } = [];

    /// <summary>Empties the lists.</summary>
    public void Clear()
    {
        Alerts.Clear();
        Orders.Clear();
        Decisions.Clear();
    }
}
