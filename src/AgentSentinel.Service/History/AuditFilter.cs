namespace AgentSentinel.Service.History;

/// <summary>Which journal entries. Everything that is said must hold.</summary>
public sealed record AuditFilter
{
    /// <summary>About this agent.</summary>
    public string? AgentId { get; init; }

    /// <summary>Belonging to this incident.</summary>
    public string? IncidentId { get; init; }

    /// <summary>Of one of these kinds; null or empty for all.</summary>
    public IReadOnlyCollection<string>? Kinds { get; init; }

    /// <summary>Commanded by this person.</summary>
    public string? Actor { get; init; }

    /// <summary>Not recorded before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Recorded before.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only commands that are verdicts.</summary>
    public bool IsVerdict { get; init; }
}
