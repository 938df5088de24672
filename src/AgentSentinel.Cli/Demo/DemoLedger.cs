using AgentSentinel.Core.Incidents;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Demo;

/// <summary>What happened in the demo, held against what was planned. Any thread.</summary>
internal sealed class DemoLedger(IReadOnlyList<PlannedIncident> incidents)
{
    // Windows close a little later than they end, and an hour's evidence may name an incident that was just over.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(70);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _firstAlert = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suspended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private readonly HashSet<string> _confirmed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _prevented = new(StringComparer.Ordinal);
    private readonly List<Alert> _false = [];
    private int _duringLearning;
    private int _suspendedWhileLearning;

    public IReadOnlyList<PlannedIncident> Incidents => incidents;

    /// <summary>Agents that are suspended now, as far as the receiver knows.</summary>
    public int SuspendedAgents
    {
        get
        {
            lock (_gate)
            {
                return _stopped.Count;
            }
        }
    }

    public void Add(Alert alert, bool isLearning)
    {
        lock (_gate)
        {
            if (alert.Kind == AlertKind.SuspensionConfirmed)
            {
                _confirmed.Add(alert.AgentId);
            }

            if (alert.Kind is not (AlertKind.Opened or AlertKind.Escalated) || alert.LastEventTime is not { } at)
            {
                return;
            }

            var matches = incidents.Where(i => i.AgentId == alert.AgentId && at >= i.Start && at <= i.End + Grace).ToList();
            foreach (var incident in matches)
            {
                _firstAlert.TryAdd(incident.Id, at);
            }

            if (matches.Count == 0 && alert.Kind == AlertKind.Opened)
            {
                if (isLearning)
                {
                    _duringLearning++;
                }
                else
                {
                    _false.Add(alert);
                }
            }
        }
    }

    public void Suspended(string agentId, bool isLearning)
    {
        lock (_gate)
        {
            _stopped.Add(agentId);
            if (_suspended.Add(agentId) && isLearning)
            {
                _suspendedWhileLearning++;
            }
        }
    }

    /// <summary>The agent may work again.</summary>
    public void Reinstated(string agentId)
    {
        lock (_gate)
        {
            _stopped.Remove(agentId);
        }
    }

    /// <summary>True when the agent is suspended; the call that it would have made is counted.</summary>
    public bool IsStopped(SimulatedCall call)
    {
        lock (_gate)
        {
            if (!_stopped.Contains(call.AgentId))
            {
                return false;
            }

            if (call.Incident is { } incident)
            {
                _prevented[incident.Id] = _prevented.GetValueOrDefault(incident.Id) + 1;
            }

            return true;
        }
    }

    /// <summary>The outcome of each planned incident that has begun by then.</summary>
    public DemoSummary Summarize(DateTimeOffset shownUntil)
    {
        lock (_gate)
        {
            var outcomes = incidents
                .Where(i => i.Start <= shownUntil)
                .Select(i => new IncidentOutcome(
                    i,
                    _firstAlert.TryGetValue(i.Id, out var at) ? at - i.Start : null,
                    _suspended.Contains(i.AgentId) && _firstAlert.ContainsKey(i.Id),
                    _confirmed.Contains(i.AgentId),
                    _prevented.GetValueOrDefault(i.Id)))
                .ToList();
            return new DemoSummary(outcomes, [.. _false], _duringLearning, _suspendedWhileLearning);
        }
    }
}
