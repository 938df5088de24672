using System.ComponentModel;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;

namespace AgentSentinel.Service.Api;

/// <summary>An agent as it goes out: its row in history, and whether it is registered.</summary>
internal sealed record AgentView(
    string Id,
    DateTimeOffset KnownSince,
    DateTimeOffset LastSeen,
    double LastScore,
    long LastHourCalls,
    long Anomalies,
    Severity? Severity,
    double Risk,
    [property: Description("Its risk at this moment: it fades, and it outlives incidents.")] double CurrentRisk,
    string? IncidentId,
    string? SuspensionId,
    string? SuspensionState,
    [property: Description("Whether it is registered, by its own id or by a glob; null where nobody is registered.")] bool? IsRegistered,
    [property: Description("Of an agent that is not registered: the registered one that its id could be mistaken for, or null.")] string? MistakableFor)
{
    // It fades all the time: what is the same to anybody who reads it should have the same tag.
    private const int Decimals = 2;

    public static AgentView Of(AgentRow row, AgentRegistry registry, JournalFold fold)
    {
        bool? isRegistered = registry.IsEmpty ? null : registry.Find(row.Id) is not null;
        return new AgentView(
            row.Id, row.KnownSince, row.LastSeen, row.LastScore, row.LastHourCalls, row.Anomalies, row.Severity, row.Risk, Math.Round(fold.RiskOf(row.Id).Risk, Decimals), row.IncidentId, row.SuspensionId,
            row.SuspensionState, isRegistered, isRegistered == false ? registry.MistakableFor(row.Id) : null);
    }
}
