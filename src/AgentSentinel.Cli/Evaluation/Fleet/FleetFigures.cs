using AgentSentinel.Core.Detection;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>The figures of an evaluation. All rates are per agent and 30 days.</summary>
/// <param name="BudgetPer30Days">False alerts per agent and 30 days that were allowed.</param>
/// <param name="Tolerance">How long after an incident an alarm still belongs to it.</param>
/// <param name="Overall">All agents.</param>
/// <param name="Kinds">By kind of agent.</param>
/// <param name="PeerGroups">By peer group.</param>
/// <param name="Detectors">By detector: what it spent of its share.</param>
/// <param name="Incidents">By kind of incident: what was found.</param>
/// <param name="Disturbances">By kind of benign disturbance: what it cost.</param>
/// <param name="Outcomes">Every incident.</param>
internal sealed record FleetFigures(
    double BudgetPer30Days,
    TimeSpan Tolerance,
    AlarmFigures Overall,
    IReadOnlyList<AlarmFigures> Kinds,
    IReadOnlyList<AlarmFigures> PeerGroups,
    IReadOnlyList<DetectorFigures> Detectors,
    IReadOnlyList<RecallFigures> Incidents,
    IReadOnlyList<DisturbanceFigures> Disturbances,
    IReadOnlyList<IncidentOutcome> Outcomes)
{
    public static FleetFigures Of(FleetLedger ledger, IReadOnlyList<Detector> detectors, double budgetPer30Days, TimeSpan tolerance)
    {
        var agents = ledger.Agents.Select(agent => new AgentOutcome(agent.Key, agent.Value, ledger, tolerance)).ToList();
        var outcomes = ledger.Spans.OrderBy(span => span.Start).Select(span => IncidentOutcome.Of(span, ledger, tolerance)).ToList();
        return new FleetFigures(
            budgetPer30Days,
            tolerance,
            AlarmFigures.Of("all", agents),
            Grouped(agents, agent => agent.History.Kind),
            Grouped(agents, agent => agent.History.PeerGroup),
            [.. detectors.Select(detector => DetectorFigures.Of(detector, budgetPer30Days, agents))],
            [.. outcomes.GroupBy(outcome => outcome.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => RecallFigures.Of(kind.Key, [.. kind]))],
            [.. agents.SelectMany(agent => agent.History.DisturbanceKinds).Distinct().Order(StringComparer.Ordinal).Select(kind => DisturbanceFigures.Of(kind, agents))],
            outcomes);
    }

    private static List<AlarmFigures> Grouped(List<AgentOutcome> agents, Func<AgentOutcome, string> key) =>
        [.. agents.GroupBy(key).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => AlarmFigures.Of(group.Key, [.. group]))];
}
