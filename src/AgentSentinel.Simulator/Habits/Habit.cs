namespace AgentSentinel.Simulator.Habits;

/// <summary>How an agent's work is spread over time: the kind of agent it is.</summary>
public enum Habit
{
    /// <summary>With people: weekdays, in its own working hours, little besides.</summary>
    OfficeHours,

    /// <summary>Day and night, with a mild daily wave and quieter weekends.</summary>
    Diurnal,

    /// <summary>Every few hours at the same minute, many calls in a row.</summary>
    CronLike,

    /// <summary>A few calls on some days.</summary>
    Sparse,

    /// <summary>The same rate at every hour of every day.</summary>
    Steady,

    /// <summary>Few sessions of very different length: silence most of the time, then dozens or hundreds of calls.</summary>
    SessionDriven,

    /// <summary>More work every week.</summary>
    Growing,

    /// <summary>Gets new versions: another level, another order of tools, at times a tool that it did not have before.</summary>
    Redeployed,

    /// <summary>Its work swells and ebbs over weeks.</summary>
    Seasonal,

    /// <summary>Sleeps for weeks, and then works as if it had never slept.</summary>
    Sleeping,

    /// <summary>Several times its usual work around the end of the month.</summary>
    MonthEnd,

    /// <summary>Its clock changes: summer time, or its people moved to another time zone.</summary>
    Moving,
}
