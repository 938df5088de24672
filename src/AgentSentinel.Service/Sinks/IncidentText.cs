using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Taxonomy;

namespace AgentSentinel.Service.Sinks;

/// <summary>
/// Alerts in words for people. Everything that comes from here is on one line and shows what it holds: control, direction and invisible characters
/// are written out. What a format reads as markup is still for that format's writer to escape.
/// </summary>
internal static class IncidentText
{
    /// <summary>What kind of step an alert tells of.</summary>
    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.Opened => "Incident opened",
        AlertKind.Escalated => "Incident escalated",
        AlertKind.Closed => "Incident closed",
        AlertKind.SuspensionProposed => "Suspension waits for approval",
        AlertKind.SuspensionOrdered => "Suspension ordered",
        AlertKind.SuspensionConfirmed => "Suspension confirmed",
        AlertKind.SuspensionFailing => "Suspension keeps failing",
        AlertKind.SuspensionUndeliverable => "Suspension undeliverable: act by hand",
        AlertKind.SuspensionLifted => "Suspension lifted",
        AlertKind.SuspensionDelivered => "Suspension accepted, being read back",
        AlertKind.SuspensionContradicted => "Suspension not in effect: act by hand",
        AlertKind.AutomationDisarmed => "Automation disarmed",
        AlertKind.AutomationArmed => "Automation armed",
        AlertKind.LookAlikeAgent => "Look-alike agent",
        _ => kind.ToString(),
    };

    /// <summary>kebab-case and stable, for machines.</summary>
    public static string CodeOf(AlertKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));

    public static string TitleOf(IncidentMessage message, int maxLength) =>
        Cut($"[{message.Severity}] {Of(message.Latest.Kind)}: {PlainText.Of(message.Latest.AgentId)}", maxLength);

    public static string SummaryOf(Alert alert, int maxLength) => Cut(PlainText.Of(alert.Summary), maxLength);

    /// <summary>Figures as names and values.</summary>
    public static IReadOnlyList<(string Name, string Value)> FactsOf(IncidentMessage message, int maxLength)
    {
        var latest = message.Latest;
        var facts = new List<(string, string)>
        {
            ("Agent", PlainText.Of(latest.AgentId)),
            ("Severity", message.Severity.ToString()),
            ("Risk", string.Create(CultureInfo.InvariantCulture, $"{latest.Risk:0.0}")),
            ("Anomalies", latest.Anomalies.ToString(CultureInfo.InvariantCulture)),
            ("Incident", PlainText.Of(message.Key)),
        };
        if (latest.SuspensionId is { } suspension)
        {
            facts.Add(("Suspension", PlainText.Of(suspension)));
        }

        if (latest.FirstEventTime is { } first)
        {
            facts.Add(("First seen", TimeOf(first)));
        }

        if (latest.LastEventTime is { } last)
        {
            facts.Add(("Last seen", TimeOf(last)));
        }

        return [.. facts.Select(fact => (fact.Item1, Cut(fact.Item2, maxLength)))];
    }

    /// <summary>A sentence per evidence, strongest first.</summary>
    public static IReadOnlyList<string> EvidenceOf(IncidentMessage message, int most, int maxLength) =>
        [.. message.Evidence.Take(most).Select(e => Cut($"{PlainText.Of(e.Detector)}: {PlainText.Of(e.Explanation)}", maxLength))];

    /// <summary>A line per step, oldest first.</summary>
    public static IReadOnlyList<string> StepsOf(IncidentMessage message, int maxLength) =>
        [.. message.Steps.Select(step => Cut($"{TimeOf(step.Time)}  {Of(step.Kind)}: {PlainText.Of(step.Summary)}", maxLength))];

    /// <summary>What the evidence maps to, in one line; empty when nothing.</summary>
    public static string TagsOf(IncidentMessage message, int maxLength) =>
        Cut(string.Join(", ", ThreatTags.Of(message.Evidence).Select(tag => $"{tag.Id} {tag.Name} ({tag.TaxonomyName} {tag.Version})")), maxLength);

    /// <summary>The incident's page in the console, or null when there is none.</summary>
    public static string? LinkTo(string? consoleUrl, string? incidentId) =>
        consoleUrl is null || incidentId is null ? null : $"{consoleUrl.TrimEnd('/')}/incidents/{Uri.EscapeDataString(incidentId)}";

    public static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>At most so many UTF-16 units, never half a character.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var end = maxLength - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }
}
