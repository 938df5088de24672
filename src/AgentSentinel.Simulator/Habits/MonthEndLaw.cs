using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>The books are closed: several times the usual work on the last two working days of a month and the first of the next.</summary>
internal sealed record MonthEndLaw(Timeline Timeline, double Times) : IRateLaw
{
    public static MonthEndLaw Draw(Timeline timeline, SeededRandom random) => new(timeline, random.LogUniform(2.5, 8));

    public double Factor(DateTime wallClock)
    {
        DateOnly day = DateOnly.FromDateTime(wallClock);
        if (Timeline.IsDayOff(day))
        {
            return 1;
        }

        return WorkingDaysBetween(day, FirstOfNextMonth(day)) <= 2 || WorkingDaysBetween(new DateOnly(day.Year, day.Month, 1), day.AddDays(1)) == 1 ? Times : 1;
    }

    private static DateOnly FirstOfNextMonth(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddMonths(1);

    private int WorkingDaysBetween(DateOnly from, DateOnly until)
    {
        int days = 0;
        for (DateOnly day = from; day < until; day = day.AddDays(1))
        {
            days += Timeline.IsDayOff(day) ? 0 : 1;
        }

        return days;
    }
}
