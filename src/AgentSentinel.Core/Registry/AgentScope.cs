namespace AgentSentinel.Core.Registry;

/// <summary>What an agent is declared to do, as globs. An empty list leaves that side open.</summary>
public sealed record AgentScope
{
    /// <summary>Tools that it may call.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Resources that it may touch.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Actions that it may take: <c>read</c>, <c>write</c>, <c>delete</c>, <c>execute</c>, <c>send</c>, <c>admin</c>.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];
}
