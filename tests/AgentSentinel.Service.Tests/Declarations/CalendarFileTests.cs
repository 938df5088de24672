using AgentSentinel.Core.Detection;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Declarations;

public sealed class CalendarFileTests
{
    [Fact]
    public void An_all_day_event_is_a_holiday_on_the_clock_of_the_calendars_zone()
    {
        var calendar = Read(Event("DTSTART;VALUE=DATE:20260403", "SUMMARY:Good Friday"), "Asia/Tokyo");
        var midnight = new DateTimeOffset(2026, 4, 3, 0, 0, 0, TimeSpan.FromHours(9));

        Assert.False(calendar.IsHoliday(midnight.AddTicks(-1)));
        Assert.True(calendar.IsHoliday(midnight));
        Assert.False(calendar.IsHoliday(midnight.AddDays(1)));
        Assert.True(calendar.IsHoliday(new DateOnly(2026, 4, 3)));
        Assert.Empty(calendar.Changes);
    }

    [Fact]
    public void A_yearly_holiday_comes_every_year_and_one_of_several_days_lasts_as_long()
    {
        var calendar = Read(Event("DTSTART;VALUE=DATE:20201224", "DTEND;VALUE=DATE:20201227", "RRULE:FREQ=YEARLY"));

        Assert.All(new[] { 2020, 2026, 2050 }, year => Assert.Equal(
            [false, true, true, true, false],
            Enumerable.Range(23, 5).Select(day => calendar.IsHoliday(new DateOnly(year, 12, day)))));
        Assert.False(calendar.IsHoliday(new DateOnly(2051, 12, 24)));
    }

    [Fact]
    public void An_event_with_times_is_a_planned_change_of_the_agents_it_names()
    {
        var calendar = Read(Event("DTSTART:20260401T220000Z", "DURATION:PT2H", "SUMMARY:CRM migration", "X-SENTINEL-AGENTS:crm-*, etl"));
        var start = new DateTimeOffset(2026, 4, 1, 22, 0, 0, TimeSpan.Zero);

        var change = Assert.Single(calendar.Changes);
        Assert.Equal(("CRM migration", start, start.AddHours(2)), (change.Summary, change.Start, change.End));
        Assert.Equal(["crm-*", "etl"], change.Agents);
        Assert.NotNull(calendar.ChangeOf("crm-7", start));
        Assert.Null(calendar.ChangeOf("hr-7", start));
        Assert.Equal(0, calendar.Holidays);
    }

    [Fact]
    public void A_weekly_change_keeps_its_local_time_when_the_clocks_change_and_leaves_out_what_is_excepted()
    {
        var calendar = Read(Event(
            "DTSTART;TZID=Europe/Berlin:20260321T220000",
            "DTEND;TZID=Europe/Berlin:20260321T230000",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            "EXDATE;TZID=Europe/Berlin:20260404T220000"));

        Assert.Equal(["*"], calendar.Changes[0].Agents);
        Assert.Equal(
            [new(2026, 3, 21, 21, 0, 0), new(2026, 3, 28, 21, 0, 0), new DateTime(2026, 4, 11, 20, 0, 0)],
            calendar.Changes.Select(change => change.Start.UtcDateTime));
    }

    [Fact]
    public void A_moved_occurrence_replaces_the_one_of_its_series()
    {
        var calendar = Read(
            Event("UID:series", "DTSTART:20260401T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")
            + Event("UID:series", "RECURRENCE-ID:20260402T100000Z", "DTSTART:20260402T150000Z", "DURATION:PT1H"));

        Assert.Equal([(1, 10), (2, 15), (3, 10)], calendar.Changes.Select(change => (change.Start.Day, change.Start.Hour)));
    }

    [Fact]
    public void Times_without_a_zone_are_meant_in_the_calendars_zone()
    {
        var calendar = Read(Event("DTSTART:20260701T090000", "DTEND:20260701T100000"), "America/New_York");

        Assert.Equal(new DateTime(2026, 7, 1, 13, 0, 0), calendar.Changes[0].Start.UtcDateTime);
    }

    [Fact]
    public void A_zone_that_the_file_defines_itself_is_known_by_its_name()
    {
        var calendar = Read(
            Lines("BEGIN:VTIMEZONE", "TZID:Europe/Paris", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE")
            + Event("DTSTART;TZID=Europe/Paris:20260101T090000", "DURATION:PT1H"));

        Assert.Equal(8, calendar.Changes[0].Start.UtcDateTime.Hour);
    }

    [Fact]
    public void Categories_say_otherwise_and_what_was_cancelled_does_not_count()
    {
        var calendar = Read(
            Event("DTSTART;VALUE=DATE:20260410", "CATEGORIES:CHANGE", "SUMMARY:all day")
            + Event("DTSTART:20260411T000000Z", "DURATION:PT12H", "CATEGORIES:Holiday")
            + Event("DTSTART:20260412T000000Z", "DURATION:PT12H", "STATUS:CANCELLED"));

        Assert.Equal("all day", Assert.Single(calendar.Changes).Summary);
        Assert.Equal(1, calendar.Holidays);
        Assert.True(calendar.IsHoliday(new DateTimeOffset(2026, 4, 11, 6, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Folded_lines_go_on_where_the_one_before_ended()
    {
        var calendar = Read(Event("DTSTART:20260401T220000Z", "DURATION:PT2H", "SUMMARY:a long", "  story"));

        Assert.Equal("a long story", calendar.Changes[0].Summary);
    }

    [Theory]
    [InlineData("hello", 1, "begins with BEGIN:VCALENDAR")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VCALENDAR", 4, "Expected END:VEVENT, which began in line 2")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1", 2, "VEVENT has no end")]
    [InlineData("BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR", 2, "Expected NAME:value")]
    [InlineData("BEGIN:VCALENDAR\nEND:VCALENDAR\nX:1", 3, "Nothing may follow")]
    [InlineData("", 0, "empty")]
    public void A_file_that_is_no_calendar_is_refused_with_the_line(string text, long line, string message) => Refused(text, "UTC", line, message);

    [Theory]
    [InlineData("DTSTART:2026banana\nDURATION:PT1H", "DTSTART")]
    [InlineData("SUMMARY:no start", "DTSTART")]
    [InlineData("DTSTART:20260401T100000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES", "recurrence rule")]
    [InlineData("DTSTART:20260401T100000Z\nDURATION:PT1H\nRRULE:FREQ=MINUTELY", "recurs more than")]
    [InlineData("DTSTART:20260130T100000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "")]
    [InlineData("DTSTART;TZID=Nowhere/Land:20260401T100000\nDURATION:PT1H", "time zone")]
    [InlineData("DTSTART:20260401T100000Z", "takes no time")]
    [InlineData("DTSTART:20260401T100000Z\nDTEND:20260401T090000Z", "")]
    public void A_bad_event_is_refused_with_the_line_where_it_begins(string lines, string message)
    {
        var good = Event("DTSTART:20260401T100000Z", "DURATION:PT1H");
        Refused(Whole(good + Event(lines.Split('\n'))), "UTC", 4 + good.Split("\r\n").Length - 1, message);
    }

    [Fact]
    public void An_unknown_zone_of_the_calendar_and_a_missing_file_are_errors()
    {
        Refused(Whole(Event("DTSTART:20260401T100000Z", "DURATION:PT1H")), "Mars/Olympus", 0, "CalendarTimeZone");
        DeclarationSet.Read(new DeclarationOptions { CalendarFile = "not-there.ics" }, out var errors);
        Assert.Contains("not-there.ics: Cannot be read", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    private static WorkCalendar Read(string events, string timeZone = "UTC")
    {
        using var file = new TemporaryFile(Whole(events));
        return DeclarationSet.Read(new DeclarationOptions { CalendarFile = file.Path, CalendarTimeZone = timeZone }).Calendar;
    }

    private static void Refused(string text, string timeZone, long line, string message)
    {
        using var file = new TemporaryFile(text);
        DeclarationSet.Read(new DeclarationOptions { CalendarFile = file.Path, CalendarTimeZone = timeZone }, out var errors);
        var error = Assert.Single(errors);
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string Whole(string events) => Lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN") + events + "END:VCALENDAR\r\n";

    private static string Event(params string[] lines) => Lines(["BEGIN:VEVENT", .. lines, "END:VEVENT"]);

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\r\n"));
}
