using System.Globalization;
using System.Runtime.Serialization;
using AgentSentinel.Core.Detection;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;
using Calendar = Ical.Net.Calendar;

namespace AgentSentinel.Service.Declarations;

/// <summary>
/// The calendar as an iCalendar file (RFC 5545). An all-day event is a holiday, one with times a planned change; CATEGORIES with
/// HOLIDAY or CHANGE say it otherwise. <c>X-SENTINEL-AGENTS</c> names the agents of a change, as globs with commas between; without it all are meant.
/// </summary>
/// <remarks>
/// Recurring events are written out up to the year 2050: what the calendar says must not depend on when it was read.
/// </remarks>
internal static class CalendarFile
{
    private const string Agents = "X-SENTINEL-AGENTS";
    private const int LastYear = 2050;

    // An event every day until then has some ten thousand occurrences; one every minute is a mistake.
    private const int MostOccurrences = 20_000;

    // A rule that never comes true, such as 30 February, is given up after so many periods.
    private static readonly EvaluationOptions Patience = new() { MaxUnmatchedIncrementsLimit = 1_000 };

    /// <summary>The calendar; what is wrong with the file goes to <paramref name="errors"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="timeZone">IANA name of the zone in which dates, and times without a zone, are meant.</param>
    /// <param name="errors">Where errors go.</param>
    public static WorkCalendar Read(string path, string timeZone, List<DeclarationError> errors)
    {
        CalendarText? text;
        try
        {
            text = CalendarText.Read(path, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new DeclarationError(path, 0, $"Cannot be read ({e.GetType().Name})."));
            return WorkCalendar.Empty;
        }

        if (text is null || !IsKnown(timeZone, path, errors))
        {
            return WorkCalendar.Empty;
        }

        // Each event by itself first: what is wrong with one can then be said at its line.
        var before = errors.Count;
        foreach (var (line, single) in text.Events)
        {
            if (WhyNot(single, timeZone) is { } reason)
            {
                errors.Add(new DeclarationError(path, line, reason));
            }
        }

        return errors.Count > before ? WorkCalendar.Empty : Of(Calendar.Load(text.Whole)!, timeZone);
    }

    private static WorkCalendar Of(Calendar calendar, string timeZone)
    {
        var holidays = new List<(DateTimeOffset, DateTimeOffset)>();
        var changes = new List<PlannedChange>();
        foreach (var occurrence in calendar.GetOccurrences<CalendarEvent>(options: Patience).TakeWhile(o => o.Period.StartTime.Year <= LastYear))
        {
            if (occurrence.Source is not CalendarEvent planned || string.Equals(planned.Status, "CANCELLED", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var (start, end) = (Moment(occurrence.Period.StartTime, timeZone), Moment(occurrence.Period.EffectiveEndTime!, timeZone));
            if (IsHoliday(planned))
            {
                holidays.Add((start, end));
            }
            else
            {
                changes.Add(new PlannedChange(planned.Summary ?? "", AgentsOf(planned), start, end));
            }
        }

        return new WorkCalendar(holidays, changes);
    }

    /// <summary>What is wrong with a calendar of one event; null when nothing is.</summary>
    private static string? WhyNot(string single, string timeZone)
    {
        try
        {
            var planned = Calendar.Load(single)?.Events.SingleOrDefault();
            if (planned?.Start is not { } start)
            {
                return "DTSTART is missing or is no date or time.";
            }

            var occurrences = 0;
            foreach (var occurrence in planned.GetOccurrences(start, Patience).TakeWhile(o => o.Period.StartTime.Year <= LastYear))
            {
                if (occurrence.Period.EffectiveEndTime is not { } end || Moment(end, timeZone) <= Moment(occurrence.Period.StartTime, timeZone))
                {
                    return "The event takes no time: it needs a DTEND or a DURATION after its start.";
                }

                if (++occurrences > MostOccurrences)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"The event recurs more than {MostOccurrences} times up to {LastYear}.");
                }
            }

            return null;
        }
        catch (Exception e) when (e is SerializationException or ArgumentException or FormatException or InvalidOperationException or EvaluationException or EvaluationLimitExceededException)
        {
            // The library's message may quote the file; it is said what kind of thing is wrong, and where.
            return e is EvaluationLimitExceededException ? "The recurrence rule never comes true."
                : e.Message.Contains("time zone", StringComparison.OrdinalIgnoreCase) ? "The event names an unknown time zone."
                : "The event is not valid (RFC 5545): check its dates and its recurrence rule.";
        }
    }

    private static bool IsKnown(string timeZone, string path, List<DeclarationError> errors)
    {
        try
        {
            _ = Moment(new CalDateTime(2026, 1, 1), timeZone);
            return true;
        }
        catch (ArgumentException)
        {
            errors.Add(new DeclarationError(path, 0, "Declarations:CalendarTimeZone is no known time zone; expected a name such as Europe/Berlin."));
            return false;
        }
    }

    // Dates and floating times are meant on the clock of those who keep the calendar.
    private static DateTimeOffset Moment(CalDateTime time, string timeZone)
    {
        var zoned = !time.HasTime || time.IsFloating ? new CalDateTime(time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, timeZone) : time;
        return new DateTimeOffset(zoned.AsUtc, TimeSpan.Zero);
    }

    private static bool IsHoliday(CalendarEvent planned) =>
        !Has(planned, "CHANGE") && (Has(planned, "HOLIDAY") || planned.IsAllDay);

    private static bool Has(CalendarEvent planned, string category) =>
        planned.Categories.Any(c => string.Equals(c.Trim(), category, StringComparison.OrdinalIgnoreCase));

    private static string[] AgentsOf(CalendarEvent planned) =>
        planned.Properties.Where(p => p.Name == Agents)
            .SelectMany(p => (p.Value?.ToString() ?? "").Replace("\\,", ",", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToArray() is { Length: > 0 } named ? named : ["*"];
}
