using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>False alarms of a group of agents.</summary>
/// <param name="Name">The group.</param>
/// <param name="Agents">Its agents.</param>
/// <param name="SettledAgentDays">Days of its agents from their 14th on.</param>
/// <param name="FalseIncidents">False incidents in those days.</param>
/// <param name="FalseIncidentsPer30Days">The same per agent and 30 days.</param>
/// <param name="MediumPer30Days">Those of them that reached Medium or more.</param>
/// <param name="FalseAnomaliesPer30Days">Episodes of detectors' evidence behind them.</param>
/// <param name="ShareOverThree">Share of agents with more than three false incidents per 30 days.</param>
/// <param name="LearningPer30Days">False incidents per agent and 30 days in days 1 to 13.</param>
internal sealed record AlarmFigures(
    string Name,
    int Agents,
    double SettledAgentDays,
    int FalseIncidents,
    double FalseIncidentsPer30Days,
    double MediumPer30Days,
    double FalseAnomaliesPer30Days,
    double ShareOverThree,
    double LearningPer30Days)
{
    private const double Many = 3;

    public static AlarmFigures Of(string name, IReadOnlyList<AgentOutcome> agents)
    {
        var settled = agents.Sum(agent => agent.SettledAgentDays);
        var learning = agents.Sum(agent => agent.LearningAgentDays);
        var falseOnes = agents.SelectMany(agent => agent.FalseIncidents).ToList();
        var lasting = agents.Count(agent => agent.SettledAgentDays > 0);
        return new AlarmFigures(
            name,
            agents.Count,
            settled,
            falseOnes.Count(incident => incident.IsSettled),
            Per30Days(falseOnes.Count(incident => incident.IsSettled), settled),
            Per30Days(falseOnes.Count(incident => incident is { IsSettled: true, Severity: >= Severity.Medium }), settled),
            Per30Days(agents.Sum(agent => agent.FalseEpisodes.Count(episode => episode.IsSettled)), settled),
            lasting == 0 ? 0 : agents.Count(agent => agent.SettledPer30Days > Many) / (double)lasting,
            Per30Days(falseOnes.Count(incident => !incident.IsSettled), learning));
    }

    public static double Per30Days(int count, double agentDays) => agentDays <= 0 ? 0 : count * 30 / agentDays;
}
