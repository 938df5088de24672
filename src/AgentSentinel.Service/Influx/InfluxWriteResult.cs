namespace AgentSentinel.Service.Influx;

/// <summary>What InfluxDB made of a batch.</summary>
/// <param name="Kind">Whether to go on, to try again or to split.</param>
/// <param name="Rejected">Points that were not stored, as far as the answer tells; at most the batch.</param>
/// <param name="Reason">Short: a status or a class of error, never the server's text.</param>
/// <param name="RetryAfter">How long the server asks to wait; null when it does not say.</param>
internal readonly record struct InfluxWriteResult(InfluxWriteKind Kind, int Rejected = 0, string Reason = "", TimeSpan? RetryAfter = null);
