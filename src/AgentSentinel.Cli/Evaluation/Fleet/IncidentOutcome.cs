namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What became of one true incident.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Kind">Kind of incident.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="AgentKind">Kind of agent.</param>
/// <param name="Start">Its first event.</param>
/// <param name="End">Its last event.</param>
/// <param name="Alerted">From the first harmful call to the first alert; null when people were not told.</param>
/// <param name="IsEarly">True when people were told by the time of the third harmful call.</param>
/// <param name="Evident">From the first harmful call to the first anomaly; null when there was none.</param>
/// <param name="Detector">The detector behind that anomaly, or null.</param>
internal sealed record IncidentOutcome(
    string Id, string Kind, string AgentId, string AgentKind, DateTimeOffset Start, DateTimeOffset End, TimeSpan? Alerted, bool IsEarly, TimeSpan? Evident, string? Detector)
{
    public static IncidentOutcome Of(IncidentSpan span, FleetLedger ledger, TimeSpan tolerance)
    {
        var concerned = new[] { span.AgentId, span.Partner }.OfType<string>().Select(ledger.Agents.GetValueOrDefault).OfType<AgentHistory>().ToList();
        var from = span.FirstAttack == DateTimeOffset.MaxValue ? span.Start : span.FirstAttack;
        var anomaly = concerned.SelectMany(agent => agent.Anomalies).Where(found => span.Covers(found.Time, tolerance)).OrderBy(found => found.Time).Cast<AgentAnomaly?>().FirstOrDefault();
        var alert = concerned.SelectMany(agent => agent.Alerts).Where(told => span.Covers(told.Time, tolerance)).OrderBy(told => told.Time).Cast<AgentAlert?>().FirstOrDefault();
        return new IncidentOutcome(
            span.Id,
            span.Kind,
            span.AgentId,
            concerned[0].Kind,
            span.Start,
            span.End,
            alert?.Time - from,
            alert?.Time <= span.ThirdAttack,
            anomaly?.Time - from,
            anomaly?.Detector);
    }
}
