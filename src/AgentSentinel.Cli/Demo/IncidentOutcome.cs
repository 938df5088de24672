using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Demo;

/// <summary>What became of one planned incident.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="DetectedAfter">Event time from its begin to the first alert; null when it was missed.</param>
/// <param name="IsSuspended">The receiver was told to suspend the agent because of it.</param>
/// <param name="IsConfirmed">The receiver's answer came back into the journal.</param>
/// <param name="PreventedCalls">Calls of the incident that the suspension prevented.</param>
internal sealed record IncidentOutcome(PlannedIncident Incident, TimeSpan? DetectedAfter, bool IsSuspended, bool IsConfirmed, long PreventedCalls);
