namespace AgentSentinel.Core.Tests.Detectors.Scenarios;

/// <summary>
/// Agents unlike those of the recorded data, two of each sort in one partition: hijacked sessions are found, ordinary and ordered ones left alone,
/// while learning goes on.
/// </summary>
public sealed class ScenarioTests
{
    private const int Learning = 40;
    private const int Measured = 80;

    private static readonly string[] Behaviour = ["novelty", "sequence", "lineage", "data-mixing", "secrets", "credential-use"];
    private static readonly Scenario[] Scenarios = [new Helpdesk(), new Coder(), new Secretary(), new Bookkeeper(), new Onboarder(), new Browser(), new Traveller()];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Hijacked_sessions_are_found_and_others_left_alone(int seed)
    {
        var engine = Some.DetectionEngine(detectors: [.. Some.Detectors().Where(detector => Behaviour.Contains(detector.Name))]);
        var random = new Random(seed);
        var tellings = Scenarios.SelectMany(scenario => Enumerable.Range(0, 2).Select(i => (Scenario: scenario, Tell: new Telling(engine, $"{scenario.Name}-{i}", new Random(random.Next()))))).ToArray();
        var counts = Scenarios.ToDictionary(s => s.Name, s => new int[6]);
        var now = Some.Monday;
        for (var i = 0; i < Learning + Measured; i++)
        {
            foreach (var (scenario, tell) in tellings)
            {
                tell.Now = now;
                var kind = i < Learning ? 0 : random.Next(20) switch { 0 or 1 => 1, 2 => 2, _ => 0 };
                ((Action<Telling>[])[scenario.Ordinary, scenario.Hijacked, scenario.Ordered])[kind](tell);
                now = now.AddSeconds(90);
                if (i >= Learning)
                {
                    counts[scenario.Name][2 * kind]++;
                    counts[scenario.Name][(2 * kind) + 1] += tell.Anomalies.Count > 0 ? 1 : 0;
                    if ((kind == 1) != tell.Anomalies.Count > 0)
                    {
                        TestContext.Current.SendDiagnosticMessage($"{scenario.Name} {(kind == 1 ? "missed" : kind == 0 ? "false alarm" : "ordered alarmed")} {tell.Anomalies.FirstOrDefault()?.Evidence.Explanation} {tell.Anomalies.FirstOrDefault()?.Evidence.Dimension}");
                    }
                }
            }
        }

        foreach (var (name, c) in counts)
        {
            TestContext.Current.SendDiagnosticMessage($"{name}: ordinary {c[1]}/{c[0]} hijacked {c[3]}/{c[2]} ordered {c[5]}/{c[4]}");
        }
    }
}
