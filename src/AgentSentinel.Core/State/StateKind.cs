namespace AgentSentinel.Core.State;

/// <summary>What a piece of saved memory belongs to. The numbers are stored: never renumber.</summary>
public enum StateKind
{
    /// <summary>An engine's own memory: one entry.</summary>
    Engine = 0,

    /// <summary>What is known of one agent; the id is the agent's.</summary>
    Profile = 1,

    /// <summary>What a detector knows of all agents of the partition; the id is the detector's name.</summary>
    Detector = 2,

    /// <summary>An open incident; the id is the agent's.</summary>
    Incident = 3,

    /// <summary>A suspension that is not over; the id is the suspension's.</summary>
    Suspension = 4,

    /// <summary>Ids of journal entries that were processed lately; the id numbers the piece.</summary>
    ProcessedIds = 5,

    /// <summary>An agent's risk; the id is the agent's.</summary>
    Risk = 6,

    /// <summary>What is remembered of an agent's suspensions; the id is the agent's.</summary>
    AgentRecord = 7,

    /// <summary>An automatic suspension and the verdict on it; the id is the suspension's.</summary>
    Judgement = 8,

    /// <summary>A change of the registry; the id is the entry's.</summary>
    RegistryEntry = 9,

    /// <summary>An agent that is not registered; the id is the agent's.</summary>
    Stranger = 10,

    /// <summary>Who used a credential first; the id is the credential's fingerprint.</summary>
    CredentialUser = 11,

    /// <summary>A dismissal of what was found about an agent, and in a partition the latest that it took over; the id is the agent's, or empty.</summary>
    Dismissal = 12,
}
