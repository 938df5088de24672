namespace AgentSentinel.Core.Events;

/// <summary>What an event of the telemetry stream tells.</summary>
public enum CallKind
{
    /// <summary>The agent called a tool.</summary>
    ToolCall,

    /// <summary>What the user or the system asked of the agent at the start of a session.</summary>
    Request,
}
