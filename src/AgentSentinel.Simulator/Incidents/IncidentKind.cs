namespace AgentSentinel.Simulator.Incidents;

/// <summary>What goes wrong.</summary>
public enum IncidentKind
{
    /// <summary>Ten times the usual calls for 10 to 40 minutes.</summary>
    Burst,

    /// <summary>Over many hours a few larger reads of sensitive datasets, sent to a recipient the agent never wrote to.</summary>
    SlowExfiltration,

    /// <summary>Within minutes reads of several datasets the agent never used, by its usual tool and by one new to it.</summary>
    UnfamiliarDataset,

    /// <summary>An office-hours agent works between two and four at night as if it were day.</summary>
    OffHours,

    /// <summary>The same call repeated every 0.2 to 2 seconds for minutes, mostly failing, instead of the agent's ordinary work.</summary>
    RunawayLoop,

    /// <summary>Few reads of 20 to 100 times the usual size.</summary>
    BulkRead,
}
