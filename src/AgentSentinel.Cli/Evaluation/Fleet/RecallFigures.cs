namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What was found of one kind of incident.</summary>
/// <param name="Kind">Kind of incident.</param>
/// <param name="Incidents">How many there were.</param>
/// <param name="Alerted">Share that people were told of.</param>
/// <param name="Early">Share that people were told of by the third harmful call.</param>
/// <param name="Evident">Share for which a detector raised an anomaly.</param>
/// <param name="MedianDelay">Median time from the first harmful call to the first alert, over those told; null when none was.</param>
/// <param name="FirstBy">The detector that was most often the first, or null.</param>
internal sealed record RecallFigures(string Kind, int Incidents, double Alerted, double Early, double Evident, TimeSpan? MedianDelay, string? FirstBy)
{
    public static RecallFigures Of(string kind, IReadOnlyList<IncidentOutcome> outcomes)
    {
        TimeSpan[] delays = [.. outcomes.Select(outcome => outcome.Alerted).OfType<TimeSpan>().Order()];
        return new RecallFigures(
            kind,
            outcomes.Count,
            delays.Length / (double)outcomes.Count,
            outcomes.Count(outcome => outcome.IsEarly) / (double)outcomes.Count,
            outcomes.Count(outcome => outcome.Evident is not null) / (double)outcomes.Count,
            delays.Length == 0 ? null : (delays[(delays.Length - 1) / 2] + delays[delays.Length / 2]) / 2,
            outcomes.Select(outcome => outcome.Detector).OfType<string>().CountBy(detector => detector).OrderByDescending(first => first.Value).FirstOrDefault().Key);
    }
}
