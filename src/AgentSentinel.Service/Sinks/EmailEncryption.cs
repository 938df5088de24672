namespace AgentSentinel.Service.Sinks;

/// <summary>How the way to the mail server is encrypted.</summary>
public enum EmailEncryption
{
    /// <summary>TLS is asked for after the greeting; without it nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>None: a relay on this machine.</summary>
    None,
}
