using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>
/// How one kind of incident unfolds: calls in addition to the agent's ordinary ones, and what it does to those.
/// A new kind is a member of <see cref="IncidentKind"/>, a file with an implementation, and a line in <see cref="IncidentCatalogue"/>.
/// Scripts keep no state: everything about one incident follows from its arguments.
/// </summary>
internal interface IIncidentScript
{
    IncidentKind Kind { get; }

    /// <summary>The kind as it stands in the labels: snake_case.</summary>
    string Name { get; }

    /// <summary>True if this can happen to the agent at all.</summary>
    bool Suits(SimulatedAgent agent);

    /// <summary>A random period inside the room, or null when this draw found none; the planner tries again.</summary>
    Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random);

    /// <summary>
    /// The incident's own calls, in time order, inside the period, at least one of them with <see cref="SimulatedCall.IsAttackCall"/>.
    /// The stream adds the incident to each; agents' observable fields must not tell truth.
    /// </summary>
    IEnumerable<SimulatedCall> Calls(SimulatedAgent agent, Period period, Timeline timeline, SeededRandom random);

    /// <summary>What becomes of an ordinary call of the agent inside the period; false drops it. May change it and mark it.</summary>
    bool Keeps(ref SimulatedCall ordinary) => true;
}
