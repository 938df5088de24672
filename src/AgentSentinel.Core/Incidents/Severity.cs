namespace AgentSentinel.Core.Incidents;

/// <summary>How much an incident matters.</summary>
public enum Severity
{
    /// <summary>Unusual, worth a look when there is time.</summary>
    Low,

    /// <summary>Clearly out of pattern.</summary>
    Medium,

    /// <summary>Out of pattern in a way that chance does not explain.</summary>
    High,

    /// <summary>Several independent signs, or one overwhelming one.</summary>
    Critical,
}
