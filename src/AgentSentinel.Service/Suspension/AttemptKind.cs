namespace AgentSentinel.Service.Suspension;

/// <summary>What one attempt came to. Numbers are stored: never renumber.</summary>
internal enum AttemptKind
{
    /// <summary>2xx.</summary>
    Delivered = 0,

    /// <summary>A 4xx that has no meaning of its own here: the receiver does not want this request as it is.</summary>
    Rejected = 1,

    /// <summary>410: the receiver asks not to be called again.</summary>
    Disabled = 2,

    /// <summary>429, 502, 504: the receiver is there but overloaded.</summary>
    Throttled = 3,

    /// <summary>Other 5xx, 3xx (never followed), timeout, or no connection.</summary>
    Failed = 4,

    /// <summary>Not sent: the target's address is not allowed.</summary>
    Refused = 5,

    /// <summary>The receiver's answer is about the order itself and will not change, or there is no way to carry it out.</summary>
    Final = 6,
}
