namespace AgentSentinel.Core.Events;

/// <summary>What a call does to the world, from harmless to far-reaching.</summary>
public enum ToolAction
{
    /// <summary>Neither the producer nor the tool's name tells.</summary>
    Unknown,

    /// <summary>Looks at data.</summary>
    Read,

    /// <summary>Adds or changes data.</summary>
    Write,

    /// <summary>Removes data.</summary>
    Delete,

    /// <summary>Runs code, a job or a deployment.</summary>
    Execute,

    /// <summary>Carries something out of the boundary: a message, a payment, a publication.</summary>
    Send,

    /// <summary>Changes permissions, identities or configuration.</summary>
    Admin,
}
