namespace AgentSentinel.Core.Response;

/// <summary>What reading back said about a delivered order.</summary>
public enum VerificationOutcome
{
    /// <summary>The receiver accepted it and can be asked; the answer is still to come.</summary>
    Pending,

    /// <summary>Read back: it is as ordered.</summary>
    Verified,

    /// <summary>Read back: it is not as ordered, whatever the receiver had answered.</summary>
    Contradicted,

    /// <summary>There is no way to ask this receiver.</summary>
    NotVerifiable,
}
