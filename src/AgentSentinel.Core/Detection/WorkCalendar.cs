namespace AgentSentinel.Core.Detection;

/// <summary>
/// Which days people have off, and which changes were announced. Immutable; read once at the start, the same for all agents.
/// </summary>
/// <remarks>
/// Holidays are spans of time rather than dates: a holiday begins at midnight of the people who keep it, which is seldom midnight in UTC.
/// Whoever asks has event time, so no time zone is needed here.
/// </remarks>
public sealed class WorkCalendar
{
    // Disjoint and ascending: a moment lies in the last span that begins at or before it, or in none.
    private readonly long[] _holidayStarts;
    private readonly long[] _holidayEnds;
    private readonly PlannedChange[] _changes;

    /// <param name="holidays">Spans that people have off, ends not included; in any order, overlaps allowed.</param>
    /// <param name="changes">Announced changes, in any order.</param>
    public WorkCalendar(IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> holidays, IEnumerable<PlannedChange> changes)
    {
        var starts = new List<long>();
        var ends = new List<long>();
        foreach (var (start, end) in holidays.Where(h => h.End > h.Start).OrderBy(h => h.Start))
        {
            if (ends.Count > 0 && start.UtcTicks <= ends[^1])
            {
                ends[^1] = Math.Max(ends[^1], end.UtcTicks);
                continue;
            }

            starts.Add(start.UtcTicks);
            ends.Add(end.UtcTicks);
        }

        (_holidayStarts, _holidayEnds) = ([.. starts], [.. ends]);
        _changes = [.. changes.OrderBy(c => c.Start)];
    }

    /// <summary>A calendar in which nothing is written.</summary>
    public static WorkCalendar Empty { get; } = new([], []);

    /// <summary>Announced changes in order of their start.</summary>
    public IReadOnlyList<PlannedChange> Changes => _changes;

    /// <summary>Number of separate spans of holidays.</summary>
    public int Holidays => _holidayStarts.Length;

    /// <summary>True in a holiday: work then is like work at the weekend. O(log holidays), allocates nothing.</summary>
    public bool IsHoliday(DateTimeOffset time)
    {
        var found = Array.BinarySearch(_holidayStarts, time.UtcTicks);
        var span = found >= 0 ? found : ~found - 1;
        return span >= 0 && time.UtcTicks < _holidayEnds[span];
    }

    /// <summary>True for a date, in UTC, whose noon lies in a holiday.</summary>
    public bool IsHoliday(DateOnly date) =>
        _holidayStarts.Length > 0 && IsHoliday(new DateTimeOffset(date.DayNumber * TimeSpan.TicksPerDay, TimeSpan.Zero).AddHours(12));

    /// <summary>True for Saturdays, Sundays and holidays, by date in UTC.</summary>
    public bool IsDayOff(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || IsHoliday(date);

    /// <summary>The announced change that explains an agent's unusual volume at a moment; null when none does. O(changes).</summary>
    public PlannedChange? ChangeOf(string agentId, DateTimeOffset time)
    {
        foreach (var change in _changes)
        {
            if (change.Start > time)
            {
                break;
            }

            if (change.Covers(agentId, time))
            {
                return change;
            }
        }

        return null;
    }
}
