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

    /// <summary>The receiver accepted the suspension; whether it is in effect is being read back.</summary>
    SuspensionDelivered,

    /// <summary>Read back, a suspension or lift is not in effect although the receiver accepted it: a person has to act.</summary>
    SuspensionContradicted,

    /// <summary>The automation was disarmed: by a person, or by itself after too many false suspensions.</summary>
    AutomationDisarmed,

    /// <summary>The automation was armed again.</summary>
    AutomationArmed,

    /// <summary>An unregistered agent goes by an id that could be mistaken for a registered one's.</summary>
    LookAlikeAgent,
}
