using AgentSentinel.Service.History;

namespace AgentSentinel.Web.Live;

/// <summary>What the page of the moment shows. Made once and shown to everybody who looks: never changed.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Overview">Counts.</param>
/// <param name="Open">Open incidents, the most severe first; no more than <see cref="MostIncidents"/>.</param>
/// <param name="Waiting">Suspensions that wait for a person, oldest first.</param>
/// <param name="Latest">The latest alerts, newest first.</param>
/// <param name="Lines">How the lines are doing.</param>
/// <param name="Automation">How far the automation may go.</param>
/// <param name="Trouble">Why there is nothing to show, or null.</param>
public sealed record LiveSnapshot(
    DateTimeOffset At,
    HistoryOverview Overview,
    IReadOnlyList<IncidentRow> Open,
    IReadOnlyList<SuspensionRow> Waiting,
    IReadOnlyList<AlertRow> Latest,
    LineState Lines,
    AutomationState Automation,
    string? Trouble)
{
    /// <summary>Most incidents that are shown at a time.</summary>
    public const int MostIncidents = 100;

    /// <summary>Open incidents, shown or not.</summary>
    public long OpenIncidents => Overview.OpenIncidents.Values.Sum();
}
