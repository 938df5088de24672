namespace AgentSentinel.Core.Response;

/// <summary>Where a suspension stands. The numbers are stored: never renumber.</summary>
public enum SuspensionState
{
    /// <summary>Waits for a person, or for the second of two.</summary>
    Proposed,

    /// <summary>Ordered; the receiver has not accepted it yet.</summary>
    Ordered,

    /// <summary>In effect: read back, or accepted by a receiver that cannot be asked.</summary>
    Confirmed,

    /// <summary>Given up: a person has to act.</summary>
    Undeliverable,

    /// <summary>To be lifted; not known to be in effect yet.</summary>
    Lifting,

    /// <summary>The receiver accepted it; whether it is in effect is being read back.</summary>
    Delivered,

    /// <summary>The receiver accepted it and yet it is not in effect: a person has to act.</summary>
    Contradicted,
}
