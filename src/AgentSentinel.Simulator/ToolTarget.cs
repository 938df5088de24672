namespace AgentSentinel.Simulator;

/// <summary>What a tool's resources are.</summary>
public enum ToolTarget
{
    /// <summary>The tool names no resource.</summary>
    None,

    /// <summary>One or two of the agent's datasets.</summary>
    Dataset,

    /// <summary>One of the people or systems the agent writes to.</summary>
    Recipient,
}
