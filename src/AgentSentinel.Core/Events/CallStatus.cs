namespace AgentSentinel.Core.Events;

/// <summary>How a call ended.</summary>
public enum CallStatus
{
    /// <summary>The tool did what it was asked (the default when the producer says nothing).</summary>
    Ok,

    /// <summary>The tool failed.</summary>
    Error,

    /// <summary>A guardrail or a permission refused the call.</summary>
    Denied,
}
