namespace AgentSentinel.Core.Response;

/// <summary>What a suspension stops. A session or credential is always one of its agent's: nobody else is meant, whatever ids others claim.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The agent, session or credential. Text from telemetry: data.</param>
public readonly record struct SuspensionTarget(SuspensionTargetKind Kind, string Id)
{
    /// <summary>The whole agent.</summary>
    /// <param name="agentId">The agent.</param>
    public static SuspensionTarget OfAgent(string agentId) => new(SuspensionTargetKind.Agent, agentId);
}
