using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.History;

namespace AgentSentinel.Web.Actions;

/// <summary>What an action is about, and what is known that its consequences depend on.</summary>
/// <param name="Kind">The action.</param>
/// <param name="AgentId">The agent; empty when it is about none.</param>
/// <param name="Target">The command's target.</param>
public sealed record ActionCase(OperatorCommandKind Kind, string AgentId, string Target)
{
    /// <summary>What can be stopped, the smallest that stops the harm first; empty unless something is to be suspended.</summary>
    public IReadOnlyList<SuspensionTarget> Parts { get; init; } = [];

    /// <summary>What is declared of the agent, or null.</summary>
    public RegisteredAgent? Declared { get; init; }

    /// <summary>The suspension, or null.</summary>
    public SuspensionRow? Suspension { get; init; }

    /// <summary>Calls that the agent usually makes while a suspension lasts; null when its past does not tell.</summary>
    public double? UsualCalls { get; init; }

    /// <summary>How long a suspension would last.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Suspensions of the agent of late.</summary>
    public int Repeats { get; init; }

    /// <summary>Why two people are needed, or null.</summary>
    public string? NeedOfTwo { get; init; }

    /// <summary>Peers that go on working, or null when no group is declared.</summary>
    public int? PeersLeft { get; init; }
}
