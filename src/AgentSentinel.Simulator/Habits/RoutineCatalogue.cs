using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>Where habits are registered.</summary>
internal static class RoutineCatalogue
{
    // Proportions hold for small fleets too: even one of four knows the four commonest habits, and one of forty knows all.
    private static readonly Habit[] Mix =
    [
        Habit.OfficeHours, Habit.Diurnal, Habit.CronLike, Habit.Sparse, Habit.OfficeHours,
        Habit.Diurnal, Habit.OfficeHours, Habit.Diurnal, Habit.OfficeHours, Habit.CronLike,
        Habit.Diurnal, Habit.OfficeHours, Habit.Diurnal, Habit.OfficeHours, Habit.Sparse,
        Habit.Diurnal, Habit.OfficeHours, Habit.CronLike, Habit.Diurnal, Habit.OfficeHours,
        Habit.Steady, Habit.SessionDriven, Habit.Growing, Habit.Redeployed, Habit.Steady,
        Habit.SessionDriven, Habit.Seasonal, Habit.Sleeping, Habit.Steady, Habit.SessionDriven,
        Habit.MonthEnd, Habit.Moving, Habit.Steady, Habit.SessionDriven, Habit.Growing,
        Habit.Redeployed, Habit.CronLike, Habit.Sparse, Habit.OfficeHours, Habit.Diurnal,
    ];

    /// <summary>The habit of an agent: of the usual mix, or of the chosen habits in turn.</summary>
    public static Habit HabitOf(int agentOrdinal, IReadOnlyList<Habit> chosen) =>
        chosen.Count > 0 ? chosen[agentOrdinal % chosen.Count] : Mix[agentOrdinal % Mix.Length];

    /// <summary>True if purposes that suit one of the base habits suit this one.</summary>
    public static bool IsLike(Habit habit, Habit basic) => habit switch
    {
        Habit.OfficeHours or Habit.Diurnal or Habit.CronLike or Habit.Sparse => habit == basic,
        Habit.Steady or Habit.SessionDriven => basic == Habit.Diurnal,
        _ => basic is Habit.OfficeHours or Habit.Diurnal,
    };

    /// <summary>Draws one agent's own routine.</summary>
    public static IRoutine Draw(Habit habit, Timeline timeline, SeededRandom random) => habit switch
    {
        Habit.OfficeHours => OfficeHoursRoutine.Draw(timeline, random),
        Habit.Diurnal => DiurnalRoutine.Draw(timeline, random),
        Habit.CronLike => CronLikeRoutine.Draw(random),
        Habit.Sparse => SparseRoutine.Draw(random),
        Habit.Steady => DiurnalRoutine.DrawSteady(timeline, random),
        Habit.SessionDriven => DiurnalRoutine.DrawSessionDriven(timeline, random),
        Habit.Growing => ChangingRoutine.Draw(GrowthLaw.Draw(timeline, random), timeline, random),
        Habit.Redeployed => ChangingRoutine.Draw(RedeployLaw.Draw(timeline, random), timeline, random),
        Habit.Seasonal => ChangingRoutine.Draw(SeasonLaw.Draw(timeline, random), timeline, random),
        Habit.Sleeping => ChangingRoutine.Draw(SleepLaw.Draw(timeline, random), timeline, random),
        Habit.MonthEnd => ChangingRoutine.Draw(MonthEndLaw.Draw(timeline, random), timeline, random),
        Habit.Moving => ChangingRoutine.Draw(MoveLaw.Draw(timeline, random), timeline, random),
        _ => throw new ArgumentOutOfRangeException(nameof(habit), habit, "Habit without a routine."),
    };
}
