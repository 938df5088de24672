using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.History;

/// <summary>The state of things in numbers.</summary>
/// <param name="Agents">Agents known.</param>
/// <param name="OpenIncidents">Open incidents by severity; severities without one are left out.</param>
/// <param name="Suspensions">Suspensions that are not over, by state in snake_case.</param>
/// <param name="JournalPosition">Offset of the journal entry that comes next.</param>
public sealed record HistoryOverview(
    long Agents, IReadOnlyDictionary<Severity, long> OpenIncidents, IReadOnlyDictionary<string, long> Suspensions, long JournalPosition);
