using AgentSentinel.Core.Detection;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What a detector spent against its share of the budget, per agent and 30 days.</summary>
/// <param name="Name">The detector.</param>
/// <param name="Allowed">Its share of the budget.</param>
/// <param name="Spent">False episodes from day 14 on.</param>
/// <param name="SpentLearning">False episodes in days 1 to 13.</param>
internal sealed record DetectorFigures(string Name, double Allowed, double Spent, double SpentLearning)
{
    public static DetectorFigures Of(Detector detector, double budgetPer30Days, IReadOnlyList<AgentOutcome> agents)
    {
        var episodes = agents.SelectMany(agent => agent.FalseEpisodes).Where(episode => episode.Detector == detector.Name).ToList();
        return new DetectorFigures(
            detector.Name,
            budgetPer30Days * detector.BudgetShare,
            AlarmFigures.Per30Days(episodes.Count(episode => episode.IsSettled), agents.Sum(agent => agent.SettledAgentDays)),
            AlarmFigures.Per30Days(episodes.Count(episode => !episode.IsSettled), agents.Sum(agent => agent.LearningAgentDays)));
    }
}
