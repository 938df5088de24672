namespace AgentSentinel.Core.Response;

/// <summary>Where a suspension stands.</summary>
public enum SuspensionState
{
    /// <summary>Waits for a person.</summary>
    Proposed,

    /// <summary>Ordered; the receiver has not accepted it yet.</summary>
    Ordered,

    /// <summary>The receiver accepted it.</summary>
    Confirmed,

    /// <summary>Given up: a person has to act.</summary>
    Undeliverable,

    /// <summary>To be lifted; the receiver has not accepted that yet.</summary>
    Lifting,
}
