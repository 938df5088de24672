using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Sinks;

/// <summary>An incident as its alerts have told it so far: what a channel shows as one message.</summary>
/// <param name="Key">The incident's id, or what stands for it: <see cref="KeyOf"/>.</param>
/// <param name="Latest">The latest alert.</param>
/// <param name="Severity">The highest severity told.</param>
/// <param name="Evidence">Evidence of the latest alert that had any.</param>
/// <param name="Steps">What happened, oldest first; the oldest are left out when there are many.</param>
/// <param name="Number">How many alerts it tells of; the first message of an incident may well tell of several.</param>
internal sealed record IncidentMessage(
    string Key, Alert Latest, Severity Severity, IReadOnlyList<Evidence> Evidence, IReadOnlyList<Alert> Steps, int Number)
{
    private const int MostSteps = 8;

    public bool IsClosed => Latest.Kind == AlertKind.Closed;

    public static IncidentMessage Of(Alert alert) => new(KeyOf(alert), alert, alert.Severity, alert.Evidence, [alert], 1);

    /// <summary>What belongs together: the incident; without one the suspension; without either the alert alone.</summary>
    public static string KeyOf(Alert alert) => alert.IncidentId ?? alert.SuspensionId ?? alert.Id;

    public IncidentMessage With(Alert alert) => new(
        Key,
        alert,
        alert.Severity > Severity ? alert.Severity : Severity,
        alert.Evidence.Count > 0 ? alert.Evidence : Evidence,
        [.. Steps.Append(alert).TakeLast(MostSteps)],
        Number + 1);
}
