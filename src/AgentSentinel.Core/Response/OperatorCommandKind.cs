namespace AgentSentinel.Core.Response;

/// <summary>What a person can command.</summary>
public enum OperatorCommandKind
{
    /// <summary>Suspend an agent.</summary>
    Suspend,

    /// <summary>Lift a suspension.</summary>
    Lift,

    /// <summary>Carry out a proposed suspension.</summary>
    Approve,

    /// <summary>Close an incident as not worth acting on, and withdraw what it proposed.</summary>
    Dismiss,

    /// <summary>Say what came out about an incident or a suspension. A false one is lifted and not held against the agent.</summary>
    Verdict,

    /// <summary>Stop all automation at once, or that for one owner's agents: what it would order is proposed.</summary>
    Disarm,

    /// <summary>Let the automation go on.</summary>
    Arm,

    /// <summary>Erase a person's data from the audit trail; the target is the fingerprint of the value.</summary>
    Erase,
}
