namespace AgentSentinel.Simulator.Incidents;

/// <summary>What becomes of an ordinary call in the period of an incident.</summary>
internal enum Fate
{
    /// <summary>It happens as it would have.</summary>
    Untouched,

    /// <summary>It happens, changed, as a part of the incident.</summary>
    Changed,

    /// <summary>It does not happen.</summary>
    Dropped,
}
