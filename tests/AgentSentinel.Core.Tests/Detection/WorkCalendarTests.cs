using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Tests.Detection;

public sealed class WorkCalendarTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_empty_calendar_knows_weekends_only()
    {
        Assert.False(WorkCalendar.Empty.IsHoliday(Noon));
        Assert.False(WorkCalendar.Empty.IsDayOff(new DateOnly(2026, 3, 6)));
        Assert.True(WorkCalendar.Empty.IsDayOff(new DateOnly(2026, 3, 7)));
        Assert.True(WorkCalendar.Empty.IsDayOff(new DateOnly(2026, 3, 8)));
        Assert.Null(WorkCalendar.Empty.ChangeOf("a", Noon));
    }

    [Fact]
    public void A_holiday_lasts_from_its_start_until_just_before_its_end_on_the_clock_of_those_who_keep_it()
    {
        // 4 March in Tokyo.
        var start = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.FromHours(9));
        var calendar = new WorkCalendar([(start, start.AddDays(1))], []);

        Assert.False(calendar.IsHoliday(start.AddTicks(-1)));
        Assert.True(calendar.IsHoliday(start));
        Assert.True(calendar.IsHoliday(start.AddDays(1).AddTicks(-1)));
        Assert.False(calendar.IsHoliday(start.AddDays(1)));
        Assert.True(calendar.IsDayOff(new DateOnly(2026, 3, 4)));
        Assert.False(calendar.IsDayOff(new DateOnly(2026, 3, 3)));
    }

    [Fact]
    public void Holidays_may_overlap_and_come_in_any_order()
    {
        var calendar = new WorkCalendar([(Noon.AddDays(5), Noon.AddDays(6)), (Noon, Noon.AddDays(3)), (Noon.AddDays(1), Noon.AddDays(2)), (Noon.AddDays(9), Noon.AddDays(8))], []);

        Assert.Equal(2, calendar.Holidays);
        Assert.Equal(
            [false, true, true, true, false, false, true, false, false, false],
            Enumerable.Range(-1, 10).Select(day => calendar.IsHoliday(Noon.AddDays(day))));
    }

    [Fact]
    public void A_planned_change_covers_the_agents_it_names_while_it_lasts()
    {
        var migration = new PlannedChange("migration", ["crm-*", "etl"], Noon, Noon.AddHours(2));
        var later = new PlannedChange("load test", ["*"], Noon.AddHours(1), Noon.AddHours(3));
        var calendar = new WorkCalendar([], [later, migration]);

        Assert.Null(calendar.ChangeOf("crm-1", Noon.AddTicks(-1)));
        Assert.Same(migration, calendar.ChangeOf("crm-1", Noon));
        Assert.Null(calendar.ChangeOf("hr-1", Noon));
        Assert.Same(later, calendar.ChangeOf("hr-1", Noon.AddHours(1)));
        Assert.Same(later, calendar.ChangeOf("crm-1", Noon.AddHours(2)));
        Assert.Null(calendar.ChangeOf("crm-1", Noon.AddHours(3)));
    }
}
