using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>Which agents. Everything that is said must hold.</summary>
public sealed record AgentFilter
{
    /// <summary>Text that the id contains; case of ASCII letters does not matter.</summary>
    public string? Contains { get; init; }

    /// <summary>Least severity of an open incident.</summary>
    public Severity? AtLeast { get; init; }

    /// <summary>Whether there is a suspension that is not over, a proposed one included.</summary>
    public bool? HasSuspension { get; init; }
}
