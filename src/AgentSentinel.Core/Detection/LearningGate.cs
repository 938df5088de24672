namespace AgentSentinel.Core.Detection;

/// <summary>How much a baseline may learn from what it was just asked to score.</summary>
public enum LearningGate
{
    /// <summary>Ordinary: learn.</summary>
    Open,

    /// <summary>Anomalous: it must not become normal by being repeated. Learn nothing, or only what is bounded and slow.</summary>
    Suspicious,

    /// <summary>Frozen: learn nothing at all. What is not knowledge but position (a running sum over the last minutes) still moves on.</summary>
    Frozen,
}
