namespace AgentSentinel.Cli.Remote;

/// <summary>The service does not answer, or refuses.</summary>
internal sealed class RemoteException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when another attempt may succeed.</summary>
    public bool IsTransient => isTransient;
}
