using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>Which incidents. Everything that is said must hold.</summary>
public sealed record IncidentFilter
{
    /// <summary>Of this agent.</summary>
    public string? AgentId { get; init; }

    /// <summary>Open or ended.</summary>
    public bool? IsOpen { get; init; }

    /// <summary>Least severity.</summary>
    public Severity? AtLeast { get; init; }

    /// <summary>Not opened before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Opened before.</summary>
    public DateTimeOffset? Before { get; init; }
}
