namespace AgentSentinel.Core.Events;

/// <summary>Who could have written what a tool returned.</summary>
public enum SourceTrust
{
    /// <summary>The producer did not say.</summary>
    Unknown,

    /// <summary>Only the operator or the asking user.</summary>
    Trusted,

    /// <summary>People and systems of the organisation.</summary>
    Internal,

    /// <summary>Known partners and other outside parties.</summary>
    External,

    /// <summary>Anybody.</summary>
    Untrusted,
}
