using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Where habits are registered.</summary>
internal static class RoutineCatalogue
{
    // Twenty agents in a row have eight office workers, seven that never sleep, three batches and two rare ones:
    // proportions hold for small fleets too, and even a fleet of four knows every habit.
    private static readonly Habit[] Mix =
    [
        Habit.OfficeHours, Habit.RoundTheClock, Habit.Batch, Habit.Rare, Habit.OfficeHours,
        Habit.RoundTheClock, Habit.OfficeHours, Habit.RoundTheClock, Habit.OfficeHours, Habit.Batch,
        Habit.RoundTheClock, Habit.OfficeHours, Habit.RoundTheClock, Habit.OfficeHours, Habit.Rare,
        Habit.RoundTheClock, Habit.OfficeHours, Habit.Batch, Habit.RoundTheClock, Habit.OfficeHours,
    ];

    public static Habit HabitOf(int agentOrdinal) => Mix[agentOrdinal % Mix.Length];

    /// <summary>Draws one agent's own routine.</summary>
    public static IRoutine Draw(Habit habit, SeededRandom random) => habit switch
    {
        Habit.OfficeHours => OfficeHoursRoutine.Draw(random),
        Habit.RoundTheClock => RoundTheClockRoutine.Draw(random),
        Habit.Batch => BatchRoutine.Draw(random),
        Habit.Rare => RareRoutine.Draw(random),
        _ => throw new ArgumentOutOfRangeException(nameof(habit), habit, "Habit without a routine."),
    };
}
