namespace AgentSentinel.Core.Response;

/// <summary>How far the automation may go.</summary>
public enum SuspensionMode
{
    /// <summary>Alerts only; they say what would have been suspended.</summary>
    Observe,

    /// <summary>Suspensions are proposed and wait for a person.</summary>
    Approve,

    /// <summary>Suspensions are carried out within the budgets; beyond them they are proposed.</summary>
    Automatic,
}
