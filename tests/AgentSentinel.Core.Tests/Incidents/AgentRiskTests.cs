using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests.Incidents;

public sealed class AgentRiskTests
{
    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);
    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(4);

    [Fact]
    public void Copies_of_one_weak_sign_and_detectors_of_one_family_never_add_up()
    {
        var risk = new AgentRisk("agent-1");
        for (var i = 0; i < 1000; i++)
        {
            Add(risk, $"volume-{i % 7}", 3, family: "volume");
        }

        Assert.Equal(3, risk.At(Now, HalfLife));
    }

    [Fact]
    public void However_many_weak_families_there_are_they_at_most_double_the_strongest()
    {
        var risk = new AgentRisk("agent-1");
        for (var i = 0; i < 100; i++)
        {
            Add(risk, $"detector-{i}", 3, family: $"family-{i}");
        }

        Assert.InRange(risk.At(Now, HalfLife), 5.9, 6);
        Assert.NotEqual(Severity.Critical, new IncidentOptions().SeverityOf(risk.At(Now, HalfLife)));
    }

    [Theory]
    [InlineData(Sensitivity.Public, 3.5)]
    [InlineData(Sensitivity.Internal, 4)]
    [InlineData(Sensitivity.Confidential, 4.5)]
    [InlineData(Sensitivity.Restricted, 5)]
    public void What_was_touched_weighs(Sensitivity sensitivity, double expected)
    {
        var risk = new AgentRisk("agent-1");
        Add(risk, "volume", 4, sensitivity: sensitivity);
        Assert.Equal(expected, risk.At(Now, HalfLife));
    }

    [Fact]
    public void It_falls_by_half_in_a_half_life_to_the_second_and_a_new_sign_brings_it_back()
    {
        var risk = new AgentRisk("agent-1");
        Add(risk, "volume", 4);
        Assert.Equal(2, risk.At(Now + HalfLife, HalfLife), 12);
        var before = risk.At(Now.AddSeconds(59), HalfLife);
        Assert.InRange(risk.At(Now.AddSeconds(60), HalfLife), before - 0.001, before - 0.0001);
        risk.Add(Some.Anomaly(score: 3), Now + HalfLife, HalfLife);
        Assert.Equal(3, risk.At(Now + HalfLife, HalfLife), 12);
    }

    [Fact]
    public void A_session_has_its_own_and_only_the_latest_are_kept()
    {
        var risk = new AgentRisk("agent-1");
        for (var i = 0; i < 12; i++)
        {
            risk.Add(Some.Anomaly(score: 3 + (i / 10.0)) with { SessionId = $"s{i}" }, Now, HalfLife);
        }

        Assert.Equal(0, risk.OfSession("s0", Now, HalfLife));
        Assert.Equal(4.1, risk.OfSession("s11", Now, HalfLife), 12);
    }

    [Fact]
    public void The_engine_knows_the_risk_between_entries_and_after_the_incident()
    {
        var run = new ResponseRun(new ResponseOptions());
        run.Feed(Some.AnomalyFound(Now, score: 4));
        Assert.Equal(4, run.Engine.RiskOf("agent-1", Now));
        Assert.Equal(4, run.Engine.RiskOf("agent-1", "s1", Now));
        run.Advance(Now.AddHours(2));
        Assert.Empty(run.Engine.OpenIncidents);
        Assert.Equal(4 * Math.Sqrt(0.5), run.Engine.RiskOf("agent-1", Now.AddHours(2)), 9);
        Assert.Equal(0, run.Engine.RiskOf("agent-2", Now));
        run.Advance(Now.AddDays(3));
        run.Save();
        Assert.DoesNotContain(run.State.Pieces, piece => piece.Key.Kind == AgentSentinel.Core.State.StateKind.Risk);
    }

    private static void Add(AgentRisk risk, string detector, double score, string? family = null, Sensitivity? sensitivity = null)
    {
        var anomaly = Some.Anomaly(detector: detector, score: score);
        risk.Add(anomaly with { Evidence = anomaly.Evidence with { Family = family }, Sensitivity = sensitivity }, Now, HalfLife);
    }
}
