namespace AgentSentinel.Service.History;

/// <summary>A writer cannot take anything now.</summary>
/// <param name="reason">A word for logs.</param>
/// <param name="retryAfter">How long to wait at least; null when not known.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class WindowWriterUnavailableException(string reason, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(reason, inner)
{
    public TimeSpan? RetryAfter => retryAfter;
}
