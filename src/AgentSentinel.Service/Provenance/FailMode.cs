namespace AgentSentinel.Service.Provenance;

/// <summary>What happens when a question cannot be answered.</summary>
public enum FailMode
{
    /// <summary>Go on as if the answer were yes.</summary>
    Open,

    /// <summary>Refuse.</summary>
    Closed,
}
