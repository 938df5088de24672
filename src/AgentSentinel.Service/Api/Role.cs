namespace AgentSentinel.Service.Api;

/// <summary>What somebody may do. Ordered: the later may do all that the earlier may.</summary>
public enum Role
{
    /// <summary>Ask whether an agent may act, and nothing else: for the tokens that lie on gateways.</summary>
    Gateway,

    /// <summary>See everything.</summary>
    Viewer,

    /// <summary>Dismiss incidents and give verdicts.</summary>
    Analyst,

    /// <summary>Suspend, approve, lift, and disarm the automation.</summary>
    Responder,

    /// <summary>Arm the automation again.</summary>
    Admin,
}
