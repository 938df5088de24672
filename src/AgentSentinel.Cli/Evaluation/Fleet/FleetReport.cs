using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>The figures of a fleet, as tables for people and as JSON for notebooks.</summary>
internal static class FleetReport
{
    /// <summary>What the figures mean; stands in the command's help.</summary>
    public const string Definitions = """
        Definitions for fleets. Truth: the events' labels; an incident lasts from its first labelled event to its last.
        An anomaly is one detector's evidence; an incident (alert) is what people are told. Anomalies of one detector within one open
        incident are one episode.
        False incident: its first anomaly lies in no true incident of that agent, nor within --tolerance after one. Benign disturbances explain nothing;
        evidence that a planned change of the calendar explains is not counted.
        False anomalies: episodes in false incidents. Rates are per agent and 30 days: count × 30 / agent-days. An agent's days count from its first
        event; days 1 to 13 are learning, from day 14 on the promise holds. ‘over 3’: share of agents whose rate from day 14 on exceeds 3.
        Found: an alert (or an anomaly) about the agent or its accomplice between the incident's first event and --tolerance after its last.
        Delay: from the first harmful call to that alert, median over those found; negative when people were told before it.
        ‘by 3rd’: told by the time of the third harmful call.
        """;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteTables(TextWriter output, FleetFigures figures)
    {
        Line(output, $"False alarms per agent and 30 days; promised: {figures.BudgetPer30Days:0.##}");
        Line(output, $"  {"",-26}{"agents",8}{"days ≥14",10}{"incidents",11}{"≥ Medium",10}{"anomalies",11}{"over 3",8}{"days 1–13",11}");
        Write(output, figures.Overall);
        output.WriteLine(" by kind of agent");
        Write(output, [.. figures.Kinds]);
        output.WriteLine(" by peer group");
        Write(output, [.. figures.PeerGroups]);
        output.WriteLine();
        output.WriteLine("Budget per agent and 30 days, by detector");
        Line(output, $"  {"",-26}{"allowed",9}{"spent",9}{"ratio",8}{"days 1–13",11}");
        foreach (var detector in figures.Detectors)
        {
            Line(output, $"  {detector.Name,-26}{detector.Allowed,9:0.000}{detector.Spent,9:0.000}{detector.Spent / detector.Allowed,8:0.00}{detector.SpentLearning,11:0.000}");
        }

        if (figures.Incidents.Count > 0)
        {
            output.WriteLine();
            Line(output, $"Incidents found, up to {figures.Tolerance.TotalMinutes:0} minutes after their end");
            Line(output, $"  {"",-26}{"number",8}{"alerted",9}{"by 3rd",9}{"evident",9}{"delay",12}  first by");
            foreach (var kind in figures.Incidents)
            {
                Line(output, $"  {PlainText.Of(kind.Kind),-26}{kind.Incidents,8}{kind.Alerted,9:0 %}{kind.Early,9:0 %}{kind.Evident,9:0 %}{Delay(kind.MedianDelay),12}  {kind.FirstBy}");
            }
        }

        if (figures.Disturbances.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Benign disturbances");
            Line(output, $"  {"",-26}{"number",8}{"false incidents",17}");
            foreach (var kind in figures.Disturbances)
            {
                Line(output, $"  {PlainText.Of(kind.Kind),-26}{kind.Disturbances,8}{kind.FalseIncidents,17}");
            }
        }
    }

    public static void WriteJson(Stream output, FleetFigures figures) => JsonSerializer.Serialize(output, figures, Json);

    private static void Write(TextWriter output, params ReadOnlySpan<AlarmFigures> groups)
    {
        foreach (var group in groups)
        {
            Line(
                output,
                $"  {PlainText.Of(group.Name),-26}{group.Agents,8}{group.SettledAgentDays,10:0}{group.FalseIncidentsPer30Days,11:0.00}{group.MediumPer30Days,10:0.00}{group.FalseAnomaliesPer30Days,11:0.00}{group.ShareOverThree,8:0 %}{group.LearningPer30Days,11:0.00}");
        }
    }

    private static string Delay(TimeSpan? delay) => delay switch
    {
        null => "–",
        { TotalMinutes: < 2 } brief => string.Create(CultureInfo.InvariantCulture, $"{brief.TotalSeconds:0} s"),
        { TotalHours: < 2 } some => string.Create(CultureInfo.InvariantCulture, $"{some.TotalMinutes:0} min"),
        { } lasting => string.Create(CultureInfo.InvariantCulture, $"{lasting.TotalHours:0.0} h"),
    };

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
