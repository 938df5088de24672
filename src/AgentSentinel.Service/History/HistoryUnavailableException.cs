namespace AgentSentinel.Service.History;

/// <summary>There is no history to read: it is switched off, or nothing was written yet, or its file cannot be opened.</summary>
public sealed class HistoryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
