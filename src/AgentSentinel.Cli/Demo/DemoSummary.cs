using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Demo;

/// <summary>What was caught, missed and falsely alarmed.</summary>
/// <param name="Outcomes">Each planned incident that had begun.</param>
/// <param name="FalseAlarms">Incidents that the service opened without one having been planned, after the learning.</param>
/// <param name="DuringLearning">The same during the learning.</param>
/// <param name="SuspendedWhileLearning">Agents suspended during the learning: falsely, as nothing happens in it.</param>
internal sealed record DemoSummary(IReadOnlyList<IncidentOutcome> Outcomes, IReadOnlyList<Alert> FalseAlarms, int DuringLearning, int SuspendedWhileLearning)
{
    public int Caught => Outcomes.Count(o => o.DetectedAfter is not null);

    public int Suspended => Outcomes.Count(o => o.IsSuspended);
}
