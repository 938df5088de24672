namespace AgentSentinel.Core.Response;

/// <summary>What a person found out about an incident or a suspension.</summary>
public enum Verdict
{
    /// <summary>Rightly so.</summary>
    Justified,

    /// <summary>The agent did nothing wrong.</summary>
    False,
}
