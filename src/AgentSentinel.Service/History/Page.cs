namespace AgentSentinel.Service.History;

/// <summary>Some rows of a longer list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">Where the next page begins, to be given back as it is; null when this is the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
