namespace AgentSentinel.Service.Influx;

/// <summary>What to do after a write.</summary>
internal enum InfluxWriteKind
{
    /// <summary>The server has answered: what it stored is stored, what it rejected would be rejected again.</summary>
    Done,

    /// <summary>The batch is too large for the server: half of it may do.</summary>
    TooLarge,

    /// <summary>The server is not there or overloaded: try again later.</summary>
    Unavailable,
}
