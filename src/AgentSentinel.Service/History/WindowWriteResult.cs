namespace AgentSentinel.Service.History;

/// <summary>What became of a batch.</summary>
/// <param name="Rejected">Points that were refused for good.</param>
/// <param name="Reason">Why, in a word; null when nothing was refused.</param>
internal readonly record struct WindowWriteResult(int Rejected = 0, string? Reason = null);
