using System.Globalization;
using System.Text;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Taxonomy;

namespace AgentSentinel.Service.Sinks;

/// <summary>An alert in ArcSight's Common Event Format, version 0: one line.</summary>
internal static class Cef
{
    // Lengths from the format's dictionary of extension keys.
    private const int MaxText = 1023;
    private const int MaxExternalId = 40;
    private const int MaxCustom = 4000;

    public static string Write(Alert alert, string? consoleUrl)
    {
        var line = new StringBuilder(512);
        line.Append("CEF:0|").Append(Product.Name).Append('|').Append(Product.Name).Append('|').Append(Header(Product.Version)).Append('|');
        line.Append(Header(IncidentText.CodeOf(alert.Kind))).Append('|').Append(Header(IncidentText.Of(alert.Kind))).Append('|');
        line.Append(alert.Severity switch { Severity.Low => 3, Severity.Medium => 5, Severity.High => 8, _ => 10 }).Append('|');

        var extension = new List<string>();
        Add("rt", Milliseconds(alert.Time), MaxText);
        Add("externalId", alert.Id, MaxExternalId);
        Add("suid", alert.AgentId, MaxText);
        Add("act", alert.Kind == AlertKind.SuspensionConfirmed ? "suspended" : "alerted", MaxText);
        Add("cat", alert.Evidence is [var strongest, ..] ? strongest.Detector : null, MaxText);
        Add("cnt", alert.Anomalies > 0 ? alert.Anomalies.ToString(CultureInfo.InvariantCulture) : null, MaxText);
        Add("msg", alert.Summary, MaxText);
        Add("request", IncidentText.LinkTo(consoleUrl, alert.IncidentId), MaxText);
        Add("start", alert.FirstEventTime is { } first ? Milliseconds(first) : null, MaxText);
        Add("end", alert.LastEventTime is { } last ? Milliseconds(last) : null, MaxText);
        AddLabelled("cs1", "incident", alert.IncidentId);
        AddLabelled("cs2", "suspension", alert.SuspensionId);
        AddLabelled("cs3", "dimension", alert.Evidence.FirstOrDefault(e => e.Dimension is not null)?.Dimension);
        AddLabelled("cs4", "taxonomy", string.Join(' ', ThreatTags.Of(alert.Evidence).Select(tag => tag.Label)));
        AddLabelled("cfp1", "risk", alert.Risk.ToString("0.###", CultureInfo.InvariantCulture));
        return line.AppendJoin(' ', extension).ToString();

        void Add(string key, string? value, int maxLength)
        {
            if (!string.IsNullOrEmpty(value))
            {
                extension.Add($"{key}={Value(IncidentText.Cut(PlainText.Of(value), maxLength))}");
            }
        }

        void AddLabelled(string key, string label, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                Add(key, value, MaxCustom);
                Add($"{key}Label", label, MaxText);
            }
        }
    }

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Header(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    // Newlines and other control characters were written out before; a pipe has no meaning here.
    private static string Value(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal);
}
