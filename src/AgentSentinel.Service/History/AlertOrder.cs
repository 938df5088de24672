namespace AgentSentinel.Service.History;

/// <summary>Orders of the list of alerts.</summary>
public enum AlertOrder
{
    /// <summary>By time.</summary>
    Time,

    /// <summary>By severity, and the latest of each first or last.</summary>
    Severity,

    /// <summary>By risk.</summary>
    Risk,
}
