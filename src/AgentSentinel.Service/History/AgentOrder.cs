namespace AgentSentinel.Service.History;

/// <summary>Orders of the list of agents.</summary>
public enum AgentOrder
{
    /// <summary>By id.</summary>
    Id,

    /// <summary>By when they were last seen.</summary>
    LastSeen,

    /// <summary>By the calls of their latest hour.</summary>
    LastHourCalls,

    /// <summary>By the risk of their open incident.</summary>
    Risk,

    /// <summary>By the severity of their open incident.</summary>
    Severity,

    /// <summary>By how many anomalies they had.</summary>
    Anomalies,
}
