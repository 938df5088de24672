using System.Globalization;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Web.Text;

/// <summary>Times, amounts and states in words for people.</summary>
internal static class Words
{
    /// <summary>How long ago, in one unit.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now)
    {
        var ago = now - time;
        return ago < TimeSpan.FromSeconds(-90) ? $"in {Span(-ago)}" : ago < TimeSpan.FromSeconds(10) ? "just now" : $"{Span(ago)} ago";
    }

    /// <summary>A length of time, in one unit or, below a day, two.</summary>
    public static string Span(TimeSpan span) =>
        span < TimeSpan.FromSeconds(9.95) && span > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s")
        : span < TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0} s")
        : span < TimeSpan.FromHours(2) ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min")
        : span < TimeSpan.FromHours(10) && span.Minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min")
        : span < TimeSpan.FromDays(2) ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days");

    /// <summary>A moment, to the minute.</summary>
    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A moment, to the second.</summary>
    public static string Second(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment of the day, to the second.</summary>
    public static string TimeOfDay(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A count, or an amount, with as many digits as matter.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e15 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        >= 1e12 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e12:0.#} T"),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.#} G"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.#} M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#} k"),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.01 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#e0", CultureInfo.InvariantCulture),
    };

    /// <summary>How rarely this happens by chance.</summary>
    public static string ReturnPeriod(double days) => days switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"once in {days * 24:0.#} hours"),
        < 730 => string.Create(CultureInfo.InvariantCulture, $"once in {days:0} days"),
        < 365_250 => string.Create(CultureInfo.InvariantCulture, $"once in {days / 365.25:0} years"),
        _ => "less than once in 1,000 years",
    };

    /// <summary>Where a suspension stands, from its spelling in history.</summary>
    public static string State(string state) => state switch
    {
        "proposed" => "Waits for approval",
        "ordered" => "Ordered",
        "delivered" => "Accepted, being read back",
        "confirmed" => "Confirmed",
        "undeliverable" => "Undeliverable",
        "contradicted" => "Not in effect",
        "lifting" => "Being lifted",
        "ended" => "Lifted",
        "withdrawn" => "Withdrawn",
        _ => state,
    };

    /// <summary>Tone of a state: how it is coloured.</summary>
    public static string Tone(string state) => state switch
    {
        "confirmed" => "ok",
        "proposed" => "ask",
        "undeliverable" or "contradicted" => "bad",
        "ended" or "withdrawn" => "past",
        _ => "busy",
    };

    /// <summary>How far the automation may go.</summary>
    public static string Mode(SuspensionMode mode) => mode switch
    {
        SuspensionMode.Observe => "Observing",
        SuspensionMode.Approve => "Asks first",
        _ => "Automatic",
    };

    /// <summary>What is stopped.</summary>
    public static string Target(string target) => target == "agent" ? "whole agent" : target;

    /// <summary>What is stopped.</summary>
    public static string Target(SuspensionTargetKind kind) => kind switch
    {
        SuspensionTargetKind.Session => "session",
        SuspensionTargetKind.Credential => "credential",
        _ => "whole agent",
    };

    /// <summary>snake_case as words.</summary>
    public static string Spaced(string name) => name.Replace('_', ' ').Replace('-', ' ');

    /// <summary>A page's address for an agent: in the query, since an id may hold anything, slashes and dots too.</summary>
    public static string AgentUrl(string agentId) => $"agent?id={Uri.EscapeDataString(agentId)}";

    /// <summary>A page's address for an incident.</summary>
    public static string IncidentUrl(string incidentId) => $"incidents/{Uri.EscapeDataString(incidentId)}";

    /// <summary>The class that colours a severity.</summary>
    public static string Css(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        _ => "low",
    };
}
