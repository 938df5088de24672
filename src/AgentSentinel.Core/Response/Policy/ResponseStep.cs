namespace AgentSentinel.Core.Response.Policy;

/// <summary>What a rule of the policy asks for. Ordered: the later takes more away.</summary>
public enum ResponseStep
{
    /// <summary>Tell people, nothing else.</summary>
    Notify,

    /// <summary>Propose a suspension to a person.</summary>
    Propose,

    /// <summary>Stop the session; the credential or the agent when the harm is not of one session alone.</summary>
    SuspendSession,

    /// <summary>Take the credential; stop the agent when it is not known to be the agent's own, or not the only one.</summary>
    SuspendCredential,

    /// <summary>Stop the agent.</summary>
    SuspendAgent,
}
