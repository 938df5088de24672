using System.Globalization;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Demo;

/// <summary>The demo's words for alerts.</summary>
internal static class DemoText
{
    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.Opened => "ALERT",
        AlertKind.Escalated => "ALERT, more severe",
        AlertKind.Closed => "closed",
        AlertKind.SuspensionProposed => "PROPOSED",
        AlertKind.SuspensionOrdered => "SUSPEND",
        AlertKind.SuspensionConfirmed => "SUSPENDED",
        AlertKind.SuspensionFailing => "SUSPENSION FAILING",
        AlertKind.SuspensionUndeliverable => "SUSPENSION UNDELIVERABLE",
        AlertKind.SuspensionLifted => "lifted",
        _ => kind.ToString(),
    };

    /// <summary>Observed against expected, a line for each detector.</summary>
    public static IEnumerable<string> Why(Alert alert) => alert.Evidence.Select(e => string.Create(
        CultureInfo.InvariantCulture,
        $"observed {Number(e.Observed)} {e.Unit}, expected {Number(e.ExpectedLow)} to {Number(e.ExpectedHigh)}: once in {Period(e.ReturnPeriodDays)} ({e.Detector})"));

    private static string Period(double days) => days switch
    {
        >= 365_000 => "more than a thousand years",
        >= 730 => string.Create(CultureInfo.InvariantCulture, $"{days / 365:0} years"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{days:0} days"),
    };

    private static string Number(double value) => value.ToString(value < 1 ? "0.###" : value < 100 ? "0.#" : "#,0", CultureInfo.InvariantCulture);
}
