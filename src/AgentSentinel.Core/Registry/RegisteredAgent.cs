namespace AgentSentinel.Core.Registry;

/// <summary>What is declared of an agent, or of a family of agents, before anything is observed of it.</summary>
/// <param name="Id">The agent's id, or a glob: then the entry is for every agent that fits and has no entry of its own.</param>
public sealed record RegisteredAgent(string Id)
{
    /// <summary>Who answers for it; empty when not told.</summary>
    public string Owner { get; init; } = "";

    /// <summary>What it is for, in words.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Agents that do the same work and can be compared with each other; empty when not told.</summary>
    public string PeerGroup { get; init; } = "";

    /// <summary>What it is declared to do; null when nothing is declared.</summary>
    public AgentScope? Scope { get; init; }

    /// <summary>What it costs when it stands still.</summary>
    public Criticality Criticality { get; init; } = Criticality.Medium;

    /// <summary>Credentials that are its own, as ids in telemetry name them.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Never suspended by automation, and by people only when two agree.</summary>
    public bool IsProtected { get; init; }

    /// <summary>The agent that does its work while it is suspended, or null.</summary>
    public string? Substitute { get; init; }

    /// <summary>Whether the entry is for a family of agents.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsPattern => Glob.IsPattern(Id);
}
