using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What happened around one agent. Filled by one <see cref="FleetLedger"/>.</summary>
internal sealed class AgentHistory(string kind, string peerGroup, DateTimeOffset firstSeen)
{
    // Two disturbances of a kind lie further apart than the events of one.
    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(12);

    private readonly List<AgentAnomaly> _anomalies = [];
    private readonly List<AgentAlert> _alerts = [];
    private readonly List<(string Kind, DateTimeOffset Start, DateTimeOffset End)> _disturbances = [];

    public string Kind => kind;

    public string PeerGroup => peerGroup;

    public DateTimeOffset FirstSeen => firstSeen;

    /// <summary>In order of the journal.</summary>
    public IReadOnlyList<AgentAnomaly> Anomalies => _anomalies;

    /// <summary>Opened and escalated incidents, in order of the journal.</summary>
    public IReadOnlyList<AgentAlert> Alerts => _alerts;

    public int Disturbances(string ofKind) => _disturbances.Count(d => d.Kind == ofKind);

    public IEnumerable<string> DisturbanceKinds => _disturbances.Select(d => d.Kind);

    public void Add(AgentAnomaly anomaly) => _anomalies.Add(anomaly);

    public void Add(AgentAlert alert) => _alerts.Add(alert);

    public void Disturb(string ofKind, DateTimeOffset time)
    {
        if (_disturbances.Count > 0 && _disturbances[^1] is var last && last.Kind == ofKind && time - last.End < LongestGap)
        {
            _disturbances[^1] = last with { Start = time < last.Start ? time : last.Start, End = time > last.End ? time : last.End };
        }
        else
        {
            _disturbances.Add((ofKind, time, time));
        }
    }

    /// <summary>The benign disturbance at a moment or shortly before; null when there was none.</summary>
    public string? DisturbanceAt(DateTimeOffset time, TimeSpan tolerance) =>
        _disturbances.Where(d => time >= d.Start && time <= d.End + tolerance).Select(d => d.Kind).FirstOrDefault();
}

/// <summary>One detector's evidence against an agent.</summary>
internal readonly record struct AgentAnomaly(string Detector, DateTimeOffset Time, string IncidentId, bool IsPlanned);

/// <summary>A message to people about an agent.</summary>
internal readonly record struct AgentAlert(string IncidentId, AlertKind Kind, DateTimeOffset Time, Severity Severity);
