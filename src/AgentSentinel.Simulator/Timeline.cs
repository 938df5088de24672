namespace AgentSentinel.Simulator;

/// <summary>
/// The simulated span. Inside the simulator a moment is a whole number of milliseconds since the start; this type alone knows what that
/// is in event time and on the wall clock.
/// </summary>
/// <remarks>The wall clock is that of the start's UTC offset: whoever says "02:00" or "weekday" means there.</remarks>
internal sealed record Timeline(DateTimeOffset Start, long EndMs)
{
    public const long SecondMs = 1_000;
    public const long MinuteMs = 60 * SecondMs;
    public const long HourMs = 60 * MinuteMs;
    public const long DayMs = 24 * HourMs;

    private readonly DateTimeOffset _utcStart = Start.ToUniversalTime();

    /// <summary>Dates on which people do not work though the week says they do.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>Milliseconds from the wall clock's midnight before the start to the start.</summary>
    public long StartOfDayOffsetMs => (long)Start.TimeOfDay.TotalMilliseconds;

    public DateTimeOffset At(long ms) => new(_utcStart.Ticks + (ms * TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    public DateTime WallClock(long ms) => Start.DateTime.AddTicks(ms * TimeSpan.TicksPerMillisecond);

    /// <summary>Saturdays, Sundays and holidays.</summary>
    public bool IsDayOff(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || Holidays.Contains(date);

    public bool IsDayOff(DateTime wallClock) =>
        wallClock.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || (Holidays.Count > 0 && Holidays.Contains(DateOnly.FromDateTime(wallClock)));

    public long MsOf(DateTimeOffset time) => (time.UtcTicks - _utcStart.UtcTicks) / TimeSpan.TicksPerMillisecond;
}
