namespace AgentSentinel.Simulator.Incidents;

/// <summary>What goes wrong, and at the end what only looks as if it did.</summary>
public enum IncidentKind
{
    /// <summary>Ten times the usual calls for 10 to 40 minutes.</summary>
    BurstX10,

    /// <summary>Over many hours a few larger reads of sensitive datasets, sent to a recipient the agent never wrote to.</summary>
    SlowExfiltration,

    /// <summary>Within minutes reads of several datasets the agent never used, by its usual tool and by one new to it.</summary>
    UnfamiliarDataset,

    /// <summary>An office-hours agent works between two and four at night as if it were day.</summary>
    OffHours,

    /// <summary>The same call repeated every 0.2 to 2 seconds for minutes, mostly failing, instead of the agent's ordinary work.</summary>
    RunawayLoop,

    /// <summary>Few reads of twenty times the usual size.</summary>
    BulkRead,

    /// <summary>Three times the usual calls for 10 to 40 minutes.</summary>
    BurstX3,

    /// <summary>Half as many calls again for six hours.</summary>
    Drift,

    /// <summary>As many calls as usual, but mostly of the tools that the agent uses least.</summary>
    ToolMix,

    /// <summary>As many calls as usual, but each on another dataset.</summary>
    FanOut,

    /// <summary>Sessions that read sensitive data and then write or send to a less restricted place.</summary>
    DataMixing,

    /// <summary>The agent works with the credential of another one, which goes on using it.</summary>
    SharedCredential,

    /// <summary>One write, spread over dozens of distinct resources at machine speed.</summary>
    WriteFanOut,

    /// <summary>Calls whose arguments or results hold secrets; shows in content only.</summary>
    SecretLeak,

    /// <summary>Benign: silence for hours, and then the work that was missed, as fast as it goes.</summary>
    CatchUp,

    /// <summary>Benign: the telemetry of an hour or more arrives at once, late.</summary>
    LateDelivery,

    /// <summary>Benign: an upstream system fails, and every call is tried again and again.</summary>
    RetryStorm,

    /// <summary>Benign: an announced migration or load test, several times the usual work.</summary>
    AnnouncedWork,
}
