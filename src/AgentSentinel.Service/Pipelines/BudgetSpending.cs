using AgentSentinel.Core;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Pipelines;

/// <summary>
/// Meters what each detector spends of the false-alert budget, as the journal goes by: its first evidence in each incident, however often
/// it fires there. Who was right is not known here: what is spent beyond what is allowed is a fleet that misbehaves, or a detector that does.
/// What a planned change explains costs nothing.
/// </summary>
internal sealed class BudgetSpending
{
    // A census tells how many agents are active each hour; budgets are for 30 days.
    private const double HoursOf30Days = 30 * 24;

    // Groups come from the registry, which people write: few, unless a file says otherwise.
    private const int MostPeerGroups = 50;
    private const string Others = "other";

    private readonly ResponseEngine _engine;
    private readonly SentinelMeters _meters;
    private readonly HashSet<string> _peerGroups;
    private readonly IReadOnlyList<(string Detector, double PerAgentAndHour)> _allowed;

    public BudgetSpending(ResponseEngine engine, SentinelOptions options, DeclarationSet declared, SentinelMeters meters)
    {
        _engine = engine;
        _meters = meters;
        _peerGroups = [.. engine.Registry.Agents.Select(agent => agent.PeerGroup).Where(group => group.Length > 0).Distinct().Take(MostPeerGroups)];
        _allowed =
        [
            .. LineDetectors.Create(options, declared)
                .Select(d => (d.Name, options.Detection.FalseAlertsPerAgentAnd30Days * d.BudgetShare / HoursOf30Days)),
        ];
    }

    /// <summary>Lets the engine process an entry, and meters what it spent.</summary>
    public void Process(JournalEntry entry, ResponseOutput output)
    {
        var before = IncidentWith(entry);
        _engine.Process(entry, output);
        if (entry is AnomalyFound found && IncidentWith(entry) is { } incident && incident != before)
        {
            _meters.BudgetSpent(found.Anomaly.Evidence.Detector, GroupOf(found.Anomaly.AgentId));
        }
        else if (entry is FleetReport report)
        {
            foreach (var (detector, perAgentAndHour) in _allowed)
            {
                _meters.BudgetAllowed(detector, perAgentAndHour * report.Census.ActiveAgents);
            }
        }
    }

    private string GroupOf(string agentId)
    {
        // People may have registered others since the start.
        var group = _engine.Registry.Find(agentId)?.PeerGroup ?? "";
        return group.Length > 0 && (_peerGroups.Contains(group) || (_peerGroups.Count < MostPeerGroups && _peerGroups.Add(group))) ? group : Others;
    }

    /// <summary>The open incident that has evidence of the detector that found the anomaly; null when there is none.</summary>
    private string? IncidentWith(JournalEntry entry) =>
        entry is AnomalyFound { Anomaly: { Evidence: { PlannedChange: null, Detector: var detector }, AgentId: var agentId } }
        && _engine.OpenIncidents.TryGetValue(agentId, out var incident)
        && incident.Evidence.Any(e => e.Detector == detector && e.PlannedChange is null) ? incident.Id : null;
}
