using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>False alarms of one agent, apart for the days of learning and those after.</summary>
internal sealed class AgentOutcome
{
    /// <summary>Days 1 to 13 of an agent are for learning; from day 14 on the promise holds.</summary>
    public const int LearningDays = 13;

    private readonly List<FalseEpisode> _episodes = [];

    public AgentOutcome(string agentId, AgentHistory history, FleetLedger ledger, TimeSpan tolerance)
    {
        History = history;
        var days = Math.Max(0, (ledger.End - history.FirstSeen).TotalDays);
        LearningAgentDays = Math.Min(days, LearningDays);
        SettledAgentDays = days - LearningAgentDays;
        // What an announced change explains costs nothing.
        foreach (var incident in history.Anomalies.Where(anomaly => !anomaly.IsPlanned).GroupBy(anomaly => anomaly.IncidentId))
        {
            // What follows from an alarm that was right is right, however long it goes on.
            var first = incident.First();
            if (ledger.Explanation(agentId, first.Time, tolerance) is not null)
            {
                continue;
            }

            var isSettled = first.Time >= history.FirstSeen.AddDays(LearningDays);
            var severity = history.Alerts.Where(alert => alert.IncidentId == incident.Key).Select(alert => alert.Severity).DefaultIfEmpty(Severity.Low).Max();
            FalseIncidents.Add(new FalseIncident(isSettled, severity, history.DisturbanceAt(first.Time, tolerance)));
            _episodes.AddRange(incident.DistinctBy(anomaly => anomaly.Detector)
                .Where(anomaly => ledger.Explanation(agentId, anomaly.Time, tolerance) is null)
                .Select(anomaly => new FalseEpisode(anomaly.Detector, isSettled)));
        }
    }

    public AgentHistory History { get; }

    public double LearningAgentDays { get; }

    public double SettledAgentDays { get; }

    public List<FalseIncident> FalseIncidents { get; } = [];

    /// <summary>Detectors' contributions to false incidents: one for each detector and incident.</summary>
    public IReadOnlyList<FalseEpisode> FalseEpisodes => _episodes;

    /// <summary>False incidents from day 14 on, scaled to 30 days.</summary>
    public double SettledPer30Days => SettledAgentDays <= 0 ? 0 : FalseIncidents.Count(incident => incident.IsSettled) * 30 / SettledAgentDays;
}

/// <summary>An incident that nothing explains.</summary>
internal readonly record struct FalseIncident(bool IsSettled, Severity Severity, string? Disturbance);

/// <summary>One detector's part in a false incident.</summary>
internal readonly record struct FalseEpisode(string Detector, bool IsSettled);
