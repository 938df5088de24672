using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Service.Live;

/// <summary>Where the response side stands, as this instance knows it from the journal.</summary>
/// <param name="JournalPosition">Offset of the journal entry that comes next.</param>
/// <param name="FleetSize">Agents active within a day, as far as the partitions have told.</param>
/// <param name="OpenIncidents">Open incidents by severity; severities without one are left out.</param>
/// <param name="SuspensionsProposed">Suspensions that wait for a person.</param>
/// <param name="SuspensionsInForce">Suspensions in force.</param>
/// <param name="DisarmedOwners">Owners for whose agents the automation is disarmed; <c>*</c> stands for all.</param>
/// <param name="UnregisteredAgents">Agents that act and are not registered.</param>
public sealed record LiveStatus(
    long JournalPosition,
    int FleetSize,
    IReadOnlyDictionary<Severity, int> OpenIncidents,
    int SuspensionsProposed,
    int SuspensionsInForce,
    IReadOnlyList<string> DisarmedOwners,
    int UnregisteredAgents);
