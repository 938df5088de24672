using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>
/// What the budget promises, measured where nothing is wrong: after two weeks of learning no detector may spend more than three times its share.
/// </summary>
public sealed class FalseAlarmTests
{
    private const int Agents = 60;
    private const int LearningDays = 14;
    private const int TestDays = 30;

    [Fact]
    public void On_a_fleet_without_incidents_every_detector_keeps_to_three_times_its_share()
    {
        var detectors = Some.Detectors();
        var options = new DetectionOptions();
        var engine = Some.DetectionEngine(options, detectors);
        var output = new DetectionOutput();
        var anomalies = new Dictionary<string, List<Anomaly>>(StringComparer.Ordinal);
        foreach (var call in new NullFleet(81).Calls(Agents, LearningDays + TestDays))
        {
            engine.Process(call, call.Time, output);
            foreach (var anomaly in output.Anomalies.Where(anomaly => anomaly.Time >= Some.Monday.AddDays(LearningDays)))
            {
                (anomalies.TryGetValue(anomaly.Evidence.Detector, out var list) ? list : anomalies[anomaly.Evidence.Detector] = []).Add(anomaly);
            }

            Assert.Empty(output.Failures);
            output.Clear();
        }

        var figures = (
            from detector in detectors
            from habit in Enum.GetValues<NullFleet.Habit>()
            let found = anomalies.GetValueOrDefault(detector.Name) ?? []
            let alarms = found.Count(anomaly => NullFleet.HabitOf(anomaly.AgentId) == habit)
            select (detector.Name, Habit: habit, Rate: alarms * 3.0 / Agents, Promise: options.FalseAlertsPerAgentAnd30Days * detector.BudgetShare)).ToArray();
        var report = $"{engine.AcceptedEvents} calls; {string.Join("; ", figures)}";
        TestContext.Current.SendDiagnosticMessage(report);
        Assert.InRange(engine.AcceptedEvents, 200_000, 2_000_000);
        Assert.All(figures, figure => Assert.True(figure.Rate <= 3 * figure.Promise, report));
    }
}
