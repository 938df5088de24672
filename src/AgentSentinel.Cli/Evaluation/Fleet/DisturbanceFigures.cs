namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What one kind of benign disturbance cost.</summary>
/// <param name="Kind">Kind of disturbance.</param>
/// <param name="Disturbances">How many there were.</param>
/// <param name="FalseIncidents">False incidents that began in one, from the first day on.</param>
internal sealed record DisturbanceFigures(string Kind, int Disturbances, int FalseIncidents)
{
    public static DisturbanceFigures Of(string kind, IReadOnlyList<AgentOutcome> agents) => new(
        kind,
        agents.Sum(agent => agent.History.Disturbances(kind)),
        agents.Sum(agent => agent.FalseIncidents.Count(incident => incident.Disturbance == kind)));
}
