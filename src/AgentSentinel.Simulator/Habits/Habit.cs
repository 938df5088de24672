namespace AgentSentinel.Simulator.Habits;

/// <summary>When an agent works.</summary>
public enum Habit
{
    /// <summary>With people: weekdays, in its own working hours, little besides.</summary>
    OfficeHours,

    /// <summary>Day and night, with a mild daily wave and quieter weekends.</summary>
    RoundTheClock,

    /// <summary>Every few hours at the same minute, many calls in a row.</summary>
    Batch,

    /// <summary>A few calls on some days.</summary>
    Rare,
}
