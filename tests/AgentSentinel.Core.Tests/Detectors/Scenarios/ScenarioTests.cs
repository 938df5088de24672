namespace AgentSentinel.Core.Tests.Detectors.Scenarios;

/// <summary>
/// Agents unlike those of the recorded data, two of each sort in one partition: hijacked sessions are found, ordinary and ordered ones left alone,
/// while learning goes on. Choices were made on seeds 1 to 3.
/// </summary>
public sealed class ScenarioTests
{
    private const int Learning = 40;
    private const int Measured = 80;

    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];
    private static readonly Scenario[] Scenarios = [new Helpdesk(), new Coder(), new Secretary(), new Bookkeeper(), new Onboarder(), new Browser(), new Traveller()];

    [Theory]
    [InlineData(101, true)]
    [InlineData(102, true)]
    [InlineData(103, true)]
    [InlineData(101, false)]
    [InlineData(102, false)]
    [InlineData(103, false)]
    public void Hijacked_sessions_are_found_and_others_left_alone(int seed, bool namesResources)
    {
        var counts = Run(seed, namesResources);
        foreach (var (name, count) in counts)
        {
            TestContext.Current.SendDiagnosticMessage($"{seed} {name}: {count}");
            Assert.True(count.Found >= 0.9 * count.Hijacked && count.FalseAlarms <= 0.05 * count.Ordinary && count.OrderedAlarmed <= 1, $"{seed} {name}: {count}");
        }

        var (hijacked, found) = (counts.Values.Sum(c => c.Hijacked), counts.Values.Sum(c => c.Found));
        var (ordinary, falseAlarms) = (counts.Values.Sum(c => c.Ordinary), counts.Values.Sum(c => c.FalseAlarms));
        Assert.True(found >= 0.95 * hijacked && falseAlarms <= 0.01 * ordinary, $"{seed}: {found} of {hijacked} found, {falseAlarms} of {ordinary} false");
    }

    private static Dictionary<string, Count> Run(int seed, bool namesResources)
    {
        var engine = Some.DetectionEngine(detectors: [.. Some.Detectors().Where(detector => Behaviour.Contains(detector.Name))]);
        var random = new Random(seed);
        var agents = Scenarios.SelectMany(scenario => Enumerable.Range(0, 2).Select(i => (Scenario: scenario, Tell: new Telling(engine, $"{scenario.Name}-{i}", new Random(random.Next()), namesResources)))).ToArray();
        var counts = Scenarios.ToDictionary(scenario => scenario.Name, _ => new Count());
        var now = Some.Monday;
        for (var session = 0; session < Learning + Measured; session++)
        {
            foreach (var (scenario, tell) in agents)
            {
                tell.Now = now;
                now = now.AddSeconds(90);
                switch (session < Learning ? 19 : random.Next(20))
                {
                    case 0 or 1:
                        scenario.Hijacked(tell);
                        counts[scenario.Name].Hijacked++;
                        counts[scenario.Name].Found += tell.Anomalies.Count > 0 ? 1 : 0;
                        break;
                    case 2:
                        scenario.Ordered(tell);
                        counts[scenario.Name].Ordered++;
                        counts[scenario.Name].OrderedAlarmed += tell.Anomalies.Count > 0 ? 1 : 0;
                        break;
                    default:
                        scenario.Ordinary(tell);
                        counts[scenario.Name].Ordinary += session < Learning ? 0 : 1;
                        counts[scenario.Name].FalseAlarms += session >= Learning && tell.Anomalies.Count > 0 ? 1 : 0;
                        break;
                }
            }
        }

        return counts;
    }

    /// <summary>Sessions and alarms of one sort of agent.</summary>
    private sealed record Count
    {
        public int Ordinary { get; set; }

        public int FalseAlarms { get; set; }

        public int Hijacked { get; set; }

        public int Found { get; set; }

        public int Ordered { get; set; }

        public int OrderedAlarmed { get; set; }
    }
}
