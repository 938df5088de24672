using AgentSentinel.Core.Detection;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>How far two levels of telemetry come to the same verdict about the same sessions.</summary>
/// <param name="First">One level.</param>
/// <param name="Second">The other.</param>
/// <param name="Same">Sessions that both alarm or neither does; the learning phase left out.</param>
/// <param name="OnlyFirst">Sessions that only the first alarms.</param>
/// <param name="OnlySecond">Sessions that only the second alarms.</param>
internal sealed record LevelAgreement(TelemetryLevel First, TelemetryLevel Second, Interval Same, int OnlyFirst, int OnlySecond)
{
    /// <summary>Every two of the evaluations, which were over the same files.</summary>
    public static IReadOnlyList<LevelAgreement> OfPairs(IReadOnlyList<SessionEvaluation> evaluations) =>
        [.. evaluations.SelectMany((first, i) => evaluations.Skip(i + 1).Select(second => Of(first, second)))];

    public static LevelAgreement Of(SessionEvaluation first, SessionEvaluation second)
    {
        var live = first.Outcomes.Zip(second.Outcomes).Where(pair => !pair.First.Labels.IsBaseline).ToList();
        var onlyFirst = live.Count(pair => pair.First.IsAlarmed && !pair.Second.IsAlarmed);
        var onlySecond = live.Count(pair => !pair.First.IsAlarmed && pair.Second.IsAlarmed);
        return new LevelAgreement(first.Level, second.Level, Interval.OfProportion(live.Count - onlyFirst - onlySecond, live.Count), onlyFirst, onlySecond);
    }
}
