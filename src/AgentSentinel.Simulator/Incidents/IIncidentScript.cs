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

    /// <summary>True for what only looks like trouble: labelled benign, and whoever raises an alarm about it is wrong.</summary>
    bool IsBenign => false;

    /// <summary>True if another agent takes part in it.</summary>
    bool NeedsPartner => false;

    /// <summary>True if it shows only in arguments, results and content.</summary>
    bool NeedsContent => false;

    /// <summary>True if the agent's calls of the whole period, this incident's and ordinary ones, arrive when it ends.</summary>
    bool HoldsBack => false;

    /// <summary>True if this can happen to the agent at all.</summary>
    bool Suits(SimulatedAgent agent);

    /// <summary>A random period inside the room, or null when this draw found none; the planner tries again.</summary>
    Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random);

    /// <summary>
    /// The incident's own calls, in time order, inside the period, at least one of them with <see cref="SimulatedCall.IsAttackCall"/>
    /// unless it is benign. The stream adds the incident to each; agents' observable fields must not tell truth.
    /// </summary>
    IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random);

    /// <summary>What becomes of an ordinary call of the agent inside the period. The stream adds the incident to a changed one.</summary>
    Fate Meets(ref SimulatedCall ordinary, ScheduledIncident incident, Timeline timeline) => Fate.Untouched;
}
