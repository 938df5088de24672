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
}
