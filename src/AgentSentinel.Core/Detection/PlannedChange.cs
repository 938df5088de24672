using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Detection;

/// <summary>Work that was announced: while it lasts, unusual volume of the agents it names is expected.</summary>
/// <param name="Summary">What is going to happen, in the words of whoever announced it.</param>
/// <param name="Agents">Patterns of agent ids, in which * stands for any text.</param>
/// <param name="Start">First moment.</param>
/// <param name="End">The first moment after it; later than the start.</param>
public sealed record PlannedChange(string Summary, IReadOnlyList<string> Agents, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>True when the moment lies in it and a pattern fits the agent.</summary>
    public bool Covers(string agentId, DateTimeOffset time) => time >= Start && time < End && Glob.MatchesAnyId(Agents, agentId);
}
