namespace AgentSentinel.Core.Response;

/// <summary>What an order asks for.</summary>
public enum SuspensionAction
{
    /// <summary>Stop the agent.</summary>
    Suspend,

    /// <summary>Let it go on.</summary>
    Lift,
}
