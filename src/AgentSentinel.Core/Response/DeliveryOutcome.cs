namespace AgentSentinel.Core.Response;

/// <summary>What became of a message.</summary>
public enum DeliveryOutcome
{
    /// <summary>The receiver accepted it.</summary>
    Delivered,

    /// <summary>Several attempts failed; they go on.</summary>
    Failing,

    /// <summary>It was given up.</summary>
    Undeliverable,
}
