namespace AgentSentinel.Core.Response;

/// <summary>What a suspension stops. Ordered: the later takes more away.</summary>
public enum SuspensionTargetKind
{
    /// <summary>One session of the agent.</summary>
    Session,

    /// <summary>One credential of the agent.</summary>
    Credential,

    /// <summary>The agent.</summary>
    Agent,
}
