namespace AgentSentinel.Core.Registry;

/// <summary>What it costs when an agent stands still. Ordered.</summary>
public enum Criticality
{
    /// <summary>Nobody notices for days.</summary>
    Low,

    /// <summary>Work piles up.</summary>
    Medium,

    /// <summary>Customers notice.</summary>
    High,
}
