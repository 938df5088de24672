using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>
/// Truth and alarms of one stream, side by side. The truth is what the events say of themselves: an incident lasts from its first to its
/// last event. Owned by one <see cref="FleetEvaluation"/>.
/// </summary>
internal sealed class FleetLedger
{
    private const string Untold = "(not told)";

    private readonly Dictionary<string, AgentHistory> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IncidentSpan> _spans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<IncidentSpan>> _spansOf = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, AgentHistory> Agents => _agents;

    public IReadOnlyCollection<IncidentSpan> Spans => _spans.Values;

    /// <summary>Time of the newest event.</summary>
    public DateTimeOffset End { get; private set; } = DateTimeOffset.MinValue;

    public void Add(string agentId, DateTimeOffset time, in EventTruth truth)
    {
        End = time > End ? time : End;
        if (!_agents.TryGetValue(agentId, out var agent))
        {
            agent = new AgentHistory(truth.AgentKind is { Length: > 0 } kind ? kind : Untold, truth.PeerGroup is { Length: > 0 } group ? group : Untold, time);
            _agents.Add(agentId, agent);
        }

        if (truth.Disturbance is { } disturbance)
        {
            agent.Disturb(disturbance, time);
        }

        if (truth.IncidentId is { } id)
        {
            SpanOf(id, agentId, truth).Add(time, truth.IsAttackCall);
        }
    }

    public void Add(Anomaly anomaly, string incidentId) =>
        _agents[anomaly.AgentId].Add(new AgentAnomaly(anomaly.Evidence.Detector, anomaly.Time, incidentId, anomaly.Evidence.PlannedChange is not null));

    public void Add(Alert alert)
    {
        if (alert is { Kind: AlertKind.Opened or AlertKind.Escalated, IncidentId: { } incident, LastEventTime: { } time })
        {
            _agents[alert.AgentId].Add(new AgentAlert(incident, alert.Kind, time, alert.Severity));
        }
    }

    /// <summary>The true incident that explains an alarm about an agent at a moment; null when the alarm is false.</summary>
    public IncidentSpan? Explanation(string agentId, DateTimeOffset time, TimeSpan tolerance) =>
        _spansOf.TryGetValue(agentId, out var spans) ? spans.Find(span => span.Covers(time, tolerance)) : null;

    private IncidentSpan SpanOf(string id, string agentId, in EventTruth truth)
    {
        if (!_spans.TryGetValue(id, out var span))
        {
            span = new IncidentSpan(id, truth.Incident ?? Untold, agentId, truth.Partner);
            _spans.Add(id, span);
            SpansOf(agentId).Add(span);
            if (truth.Partner is { } partner)
            {
                SpansOf(partner).Add(span);
            }
        }

        return span;
    }

    private List<IncidentSpan> SpansOf(string agentId)
    {
        if (!_spansOf.TryGetValue(agentId, out var spans))
        {
            _spansOf.Add(agentId, spans = []);
        }

        return spans;
    }
}
