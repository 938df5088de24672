namespace AgentSentinel.Service.Suspension;

/// <summary>What a receiver makes of a webhook's signature.</summary>
internal enum SignatureVerdict
{
    Valid,

    /// <summary>One of the three headers is not there.</summary>
    MissingHeader,

    /// <summary>The timestamp is not a whole number of seconds.</summary>
    MalformedTimestamp,

    /// <summary>Too old or too far ahead: a recorded request played again, or a clock that is wrong.</summary>
    OutsideTolerance,

    /// <summary>No signature of a known version was made with any of the secrets.</summary>
    NoMatch,
}
