using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>
/// One agent's routine: its rate over time. What happens inside a session is not its business, only how large sessions are.
/// A new habit is a member of <see cref="Habit"/>, a file with an implementation, and a line in <see cref="RoutineCatalogue"/>.
/// </summary>
internal interface IRoutine
{
    /// <summary>How many calls a session has and how they are spaced.</summary>
    SessionShape Shape { get; }

    /// <summary>The hours in which the agent is expected to be busy on its working days; null when it has none.</summary>
    WorkingHours? Hours { get; }

    /// <summary>Largest value of <see cref="SessionsPerHour"/> over a week, before anything changes the routine.</summary>
    double PeakSessionsPerHour { get; }

    /// <summary>Expected sessions per hour at a moment of the wall clock, averaged over good and bad days.</summary>
    double SessionsPerHour(DateTime wallClock);

    /// <summary>Session starts in milliseconds of the timeline, ascending, inside it; drawn lazily.</summary>
    IEnumerable<long> Starts(Timeline timeline, SeededRandom random);
}
