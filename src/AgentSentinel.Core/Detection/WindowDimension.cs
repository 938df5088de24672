namespace AgentSentinel.Core.Detection;

/// <summary>What a <see cref="WindowValue"/> is about.</summary>
public enum WindowDimension
{
    /// <summary>Everything the agent did.</summary>
    Agent,

    /// <summary>What it did with one tool.</summary>
    Tool,

    /// <summary>What it did with one resource.</summary>
    Dataset,
}
