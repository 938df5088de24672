namespace AgentSentinel.Simulator.Habits;

/// <summary>Hours of the wall clock on weekdays, as fractions of an hour: 8.5 is half past eight.</summary>
/// <param name="From">First hour.</param>
/// <param name="Until">Hour at which work ends; later than <paramref name="From"/>, at most 24.</param>
public readonly record struct WorkingHours(double From, double Until)
{
    /// <summary>True on Monday to Friday inside the hours.</summary>
    public bool Contains(DateTime wallClock) =>
        wallClock.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
        && wallClock.TimeOfDay.TotalHours >= From
        && wallClock.TimeOfDay.TotalHours < Until;
}
