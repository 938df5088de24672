using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Commands;

/// <summary>What a person wants done.</summary>
/// <param name="Command">What.</param>
/// <param name="Target">To what: an agent, a suspension, an incident or an owner, as <see cref="OperatorCommand.Target"/> says.</param>
/// <param name="Reason">Why.</param>
public sealed record CommandRequest(OperatorCommandKind Command, string Target, string Reason)
{
    /// <summary>For a suspension: a session or credential of the agent, instead of the agent itself.</summary>
    public SuspensionTarget? Part { get; init; }

    /// <summary>For a verdict: what came out.</summary>
    public Verdict? Verdict { get; init; }
}
