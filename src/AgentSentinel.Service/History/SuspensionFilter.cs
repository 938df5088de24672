namespace AgentSentinel.Service.History;

/// <summary>Which suspensions. Everything that is said must hold.</summary>
public sealed record SuspensionFilter
{
    /// <summary>Of this agent.</summary>
    public string? AgentId { get; init; }

    /// <summary>In one of these states, in snake_case; null or empty for all.</summary>
    public IReadOnlyCollection<string>? States { get; init; }

    /// <summary>Over or not.</summary>
    public bool? HasEnded { get; init; }
}
