using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.State;

namespace AgentSentinel.Cli.Tests.Evaluation.Fleet;

/// <summary>The definitions, on streams small enough to count by hand.</summary>
public sealed class FleetFiguresTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);
    private static readonly EventTruth Benign = new("steady", "sales", null, null, null, null, false);

    private readonly FleetLedger _ledger = new();

    [Fact]
    public void Rates_are_per_agent_and_thirty_days_and_learning_counts_apart()
    {
        Live("a", days: 43);
        Alarm("a", 5, "i1");
        Alarm("a", 20, "i2");
        Alarm("a", 30, "i3");
        var figures = Figures().Overall;

        Assert.Equal(30, figures.SettledAgentDays, 1e-9);
        Assert.Equal(2, figures.FalseIncidentsPer30Days, 1e-9);
        Assert.Equal(30.0 / 13, figures.LearningPer30Days, 1e-9);
    }

    [Fact]
    public void An_agents_days_count_from_its_first_event()
    {
        Live("a", days: 43);
        Live("b", days: 23, from: 20);
        Alarm("b", 25, "i1");
        Alarm("b", 40, "i2");
        var figures = Figures().Overall;

        Assert.Equal(40, figures.SettledAgentDays, 1e-9);
        Assert.Equal(1, figures.FalseIncidents);
    }

    [Fact]
    public void Anomalies_of_one_detector_in_one_incident_are_one_episode()
    {
        Live("a", days: 43);
        Alarm("a", 20, "i1", "volume", "volume", "novelty");
        Alarm("a", 21, "i2", "volume");
        var figures = Figures();

        Assert.Equal(2, figures.Overall.FalseIncidentsPer30Days, 1e-9);
        Assert.Equal(3, figures.Overall.FalseAnomaliesPer30Days, 1e-9);
        Assert.Equal(2, figures.Detectors.Single(d => d.Name == "volume").Spent, 1e-9);
        Assert.Equal(1, figures.Detectors.Single(d => d.Name == "novelty").Spent, 1e-9);
        Assert.Equal(0.5, figures.Detectors.Single(d => d.Name == "volume").Allowed, 1e-9);
    }

    [Fact]
    public void An_alarm_in_a_true_incident_or_shortly_after_is_right_and_finds_it()
    {
        Live("a", days: 43);
        Happen("a", "t1", "drift", 20, 20.25);
        Happen("a", "t2", "burst_x3", 25, 25.01);
        Happen("a", "t3", "burst_x3", 30, 30.01);
        Alarm("a", 20.25 + (0.9 / 24), "i1");
        Alarm("a", 25.01 + (1.1 / 24), "i2");
        var figures = Figures();

        Assert.Equal(1, figures.Overall.FalseIncidents);
        Assert.Equal(1, figures.Incidents.Single(kind => kind.Kind == "drift").Alerted);
        Assert.Equal(0, figures.Incidents.Single(kind => kind.Kind == "burst_x3").Alerted);
        Assert.Equal(6.9, figures.Incidents.Single(kind => kind.Kind == "drift").MedianDelay!.Value.TotalHours, 1e-6);
    }

    [Fact]
    public void What_follows_an_alarm_that_was_right_within_its_incident_is_not_false()
    {
        Live("a", days: 43);
        Happen("a", "t1", "burst_x10", 20, 20.02);
        Alarm("a", 20.01, "i1", "volume");
        Evidence("a", 20.5, "i1", "novelty");

        Assert.Equal(0, Figures().Overall.FalseAnomaliesPer30Days);
    }

    [Fact]
    public void An_alarm_of_another_agent_finds_nothing_unless_it_takes_part()
    {
        Live("a", days: 43);
        Live("b", days: 43);
        Live("c", days: 43);
        Happen("a", "t1", "shared_credential", 20, 20.05, partner: "b");
        Happen("c", "t2", "drift", 20, 20.25);
        Alarm("b", 20.02, "i1");
        var figures = Figures();

        Assert.Equal(0, figures.Overall.FalseIncidents);
        Assert.Equal(1, figures.Incidents.Single(kind => kind.Kind == "shared_credential").Alerted);
        Assert.Equal(0, figures.Incidents.Single(kind => kind.Kind == "drift").Alerted);
    }

    [Fact]
    public void Evidence_without_an_alert_is_evident_but_nobody_was_told()
    {
        Live("a", days: 43);
        Happen("a", "t1", "drift", 20, 20.25);
        Alarm("a", 19.95, "i1");
        Evidence("a", 20.1, "i1", "volume");
        var kind = Figures().Incidents.Single();

        Assert.Equal((0, 1), (kind.Alerted, kind.Evident));
    }

    [Fact]
    public void Disturbances_explain_nothing_and_are_charged_with_what_they_cost()
    {
        Live("a", days: 43);
        _ledger.Add("a", At(20), Benign with { Disturbance = "retry_storm" });
        _ledger.Add("a", At(20.01), Benign with { Disturbance = "retry_storm" });
        _ledger.Add("a", At(22), Benign with { Disturbance = "retry_storm" });
        Alarm("a", 20.005, "i1");
        var figures = Figures();

        Assert.Equal(1, figures.Overall.FalseIncidents);
        Assert.Equal(new DisturbanceFigures("retry_storm", 2, 1), Assert.Single(figures.Disturbances));
    }

    [Fact]
    public void Agents_with_more_than_three_in_thirty_days_are_counted()
    {
        Live("a", days: 43);
        Live("b", days: 43);
        for (var i = 0; i < 4; i++)
        {
            Alarm("a", 20 + i, $"a{i}");
        }

        for (var i = 0; i < 3; i++)
        {
            Alarm("b", 20 + i, $"b{i}");
        }

        Assert.Equal(0.5, Figures().Overall.ShareOverThree);
    }

    [Fact]
    public void Told_by_the_third_harmful_call_is_early()
    {
        Live("a", days: 43);
        Live("b", days: 43);
        for (var i = 0; i < 5; i++)
        {
            Happen("a", "t1", "write_fan_out", 20 + (0.001 * i), 20 + (0.001 * i));
            Happen("b", "t2", "write_fan_out", 20 + (0.001 * i), 20 + (0.001 * i));
        }

        Alarm("a", 20.002, "i1");
        Alarm("b", 20.003, "i2");
        var kind = Figures().Incidents.Single();

        Assert.Equal((1, 0.5), (kind.Alerted, kind.Early));
    }

    [Fact]
    public void Groups_are_told_apart()
    {
        Live("a", days: 43);
        _ledger.Add("b", At(0), Benign with { AgentKind = "sparse", PeerGroup = "finance" });
        Alarm("b", 20, "i1");
        var figures = Figures();

        Assert.Equal([("sparse", 1), ("steady", 0)], figures.Kinds.Select(kind => (kind.Name, kind.FalseIncidents)));
        Assert.Equal([("finance", 1), ("sales", 0)], figures.PeerGroups.Select(group => (group.Name, group.FalseIncidents)));
    }

    private static DateTimeOffset At(double day) => Start.AddDays(day);

    private FleetFigures Figures() =>
        FleetFigures.Of(_ledger, [new SilentDetector("volume", 0.5), new SilentDetector("novelty", 0.1)], budgetPer30Days: 1, Tolerance);

    private void Live(string agent, double days, double from = 0)
    {
        _ledger.Add(agent, At(from), Benign);
        _ledger.Add(agent, At(from + days), Benign);
    }

    private void Happen(string agent, string id, string kind, double from, double until, string? partner = null)
    {
        _ledger.Add(agent, At(from), Benign with { Incident = kind, IncidentId = id, Partner = partner, IsAttackCall = true });
        if (until > from)
        {
            _ledger.Add(agent, At(until), Benign with { Incident = kind, IncidentId = id, Partner = partner });
        }
    }

    private void Alarm(string agent, double day, string incident, params string[] detectors)
    {
        foreach (var detector in detectors.DefaultIfEmpty("volume"))
        {
            Evidence(agent, day, incident, detector);
        }

        _ledger.Add(new Alert($"{incident}-1", AlertKind.Opened, At(day), incident, agent, Severity.Low, "", 1, 1, At(day), At(day), null, []));
    }

    private void Evidence(string agent, double day, string incident, string detector) => _ledger.Add(
        new Anomaly("", agent, At(day), At(day), At(day), new Evidence(detector, "", "", 1, 0, 1, 1, 1, 1, null, ""), null, null, null, null, Start),
        incident);

    private sealed class SilentDetector(string name, double share) : Detector(name, share, new Feature("calls", "calls"))
    {
        public override Baseline CreateBaseline(string agentId) => new Nothing();

        public override string Explain(in Finding finding) => "";

        private sealed class Nothing : Baseline
        {
            public override void Save(MemoryWriter writer)
            {
            }

            public override void Load(ref MemoryReader reader)
            {
            }
        }
    }
}
