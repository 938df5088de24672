using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>Which alerts. Everything that is said must hold.</summary>
public sealed record AlertFilter
{
    /// <summary>About this agent.</summary>
    public string? AgentId { get; init; }

    /// <summary>About this incident.</summary>
    public string? IncidentId { get; init; }

    /// <summary>Least severity.</summary>
    public Severity? AtLeast { get; init; }

    /// <summary>One of these kinds; null or empty for all.</summary>
    public IReadOnlyCollection<AlertKind>? Kinds { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? Before { get; init; }
}
