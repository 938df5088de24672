using System.Globalization;
using System.Text;
using AgentSentinel.Simulator;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Cli.Commands;

/// <summary>What people would have written into the calendar (iCalendar, RFC 5545): the simulation's holidays and its announced work.</summary>
internal static class SimulatedCalendar
{
    private const string Moment = "yyyyMMdd'T'HHmmss'Z'";

    public static string Of(Simulation simulation)
    {
        var text = new StringBuilder();
        Line(text, $"BEGIN:VCALENDAR");
        Line(text, $"VERSION:2.0");
        Line(text, $"PRODID:-//AgentSentinel//sentinel simulate//EN");
        foreach (var holiday in simulation.Options.Holidays)
        {
            Begin(text, $"holiday-{holiday:yyyyMMdd}", simulation);
            Line(text, $"DTSTART;VALUE=DATE:{holiday:yyyyMMdd}");
            End(text, "Holiday");
        }

        foreach (var work in simulation.Disturbances.Where(disturbance => disturbance.Kind == IncidentKind.AnnouncedWork))
        {
            // Whole seconds, outwards: the calendar knows no fractions.
            Begin(text, work.Id, simulation);
            Line(text, $"DTSTART:{work.Start.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}");
            Line(text, $"DTEND:{work.End.UtcDateTime.AddSeconds(1).ToString(Moment, CultureInfo.InvariantCulture)}");
            Line(text, $"X-SENTINEL-AGENTS:{work.AgentId}");
            End(text, "Migration");
        }

        Line(text, $"END:VCALENDAR");
        return text.ToString();
    }

    private static void Begin(StringBuilder text, string id, Simulation simulation)
    {
        Line(text, $"BEGIN:VEVENT");
        Line(text, $"UID:{id}@simulation.example");
        Line(text, $"DTSTAMP:{simulation.Options.Start.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}");
    }

    private static void End(StringBuilder text, string summary)
    {
        Line(text, $"SUMMARY:{summary}");
        Line(text, $"END:VEVENT");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
}
