namespace AgentSentinel.Core.Incidents;

/// <summary>What an alert tells.</summary>
public enum AlertKind
{
    /// <summary>An incident was opened.</summary>
    Opened,

    /// <summary>An incident became more severe.</summary>
    Escalated,

    /// <summary>An incident ended: its agent was unremarkable for the quiet period, or a person dismissed it.</summary>
    Closed,

    /// <summary>A suspension waits for a person to approve it.</summary>
    SuspensionProposed,

    /// <summary>A suspension was ordered.</summary>
    SuspensionOrdered,

    /// <summary>The receiver accepted the suspension.</summary>
    SuspensionConfirmed,

    /// <summary>The receiver could not be reached for some attempts; they go on.</summary>
    SuspensionFailing,

    /// <summary>The suspension could not be delivered and is no longer attempted: a person has to act.</summary>
    SuspensionUndeliverable,

    /// <summary>A suspension was lifted: by a person or by its expiry.</summary>
    SuspensionLifted,
}
