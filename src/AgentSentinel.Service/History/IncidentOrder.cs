namespace AgentSentinel.Service.History;

/// <summary>Orders of the list of incidents.</summary>
public enum IncidentOrder
{
    /// <summary>By when they were opened.</summary>
    Opened,

    /// <summary>By when something was last added.</summary>
    Last,

    /// <summary>By risk.</summary>
    Risk,
}
