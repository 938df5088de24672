using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests.Detection;

namespace AgentSentinel.Core.Tests;

/// <summary>What was announced: still told, but nobody is woken for it.</summary>
public sealed class PlannedChangeTests
{
    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);
    private static readonly PlannedChange Migration = new("CRM migration", ["crm-*"], Now, Now.AddHours(2));

    [Fact]
    public void Volume_in_a_planned_change_is_evidence_that_names_it()
    {
        Assert.Equal("CRM migration", Found("crm-1", Now, "volume").PlannedChange);
        Assert.Null(Found("crm-1", Now.AddHours(2), "volume").PlannedChange);
        Assert.Null(Found("hr-1", Now, "volume").PlannedChange);
        Assert.Null(Found("crm-1", Now, "novelty").PlannedChange);
    }

    [Fact]
    public void Planned_evidence_opens_a_low_incident_that_never_escalates_nor_suspends()
    {
        var run = Run();
        run.Feed(Planned(Now, score: 9), Planned(Now.AddMinutes(1), score: 12));

        var alert = Assert.Single(run.Alerts);
        Assert.Equal((AlertKind.Opened, Severity.Low, 0), (alert.Kind, alert.Severity, alert.Risk));
        Assert.Empty(run.Orders);
        Assert.Equal(2, run.Incident.Anomalies);
        Assert.Equal("CRM migration", run.Incident.Evidence[0].PlannedChange);
    }

    [Fact]
    public void What_nothing_explains_counts_in_full_beside_it_and_comes_first()
    {
        var run = Run();
        run.Feed(Planned(Now, score: 12), Some.AnomalyFound(Now.AddMinutes(1), detector: "novelty", score: 5));

        Assert.Equal(5, run.Incident.Risk);
        Assert.Equal(["novelty", "volume"], run.Incident.Evidence.Select(evidence => evidence.Detector));
        Assert.Single(run.Orders);
    }

    [Fact]
    public void The_same_detectors_evidence_after_the_change_takes_the_place_of_the_planned_and_is_not_displaced_by_it()
    {
        var run = Run();
        run.Feed(Planned(Now, score: 12), Some.AnomalyFound(Now.AddMinutes(1), score: 3.5), Planned(Now.AddMinutes(2), score: 13));

        // Risk fades from minute to minute.
        Assert.InRange(run.Incident.Risk, 3.4, 3.5);
        Assert.Null(Assert.Single(run.Incident.Evidence).PlannedChange);
    }

    [Fact]
    public void It_survives_a_restart_and_the_journal()
    {
        var run = Run();
        run.Feed(Planned(Now, score: 9));
        run.Save();
        run.RestartFrom(run.State);

        Assert.Equal("CRM migration", run.Incident.Evidence[0].PlannedChange);
        Assert.True(JournalJson.TryRead(JournalJson.Write(Planned(Now, score: 9)), out var entry, out _));
        Assert.Equal("CRM migration", Assert.IsType<AnomalyFound>(entry).Anomaly.Evidence.PlannedChange);
    }

    private static ResponseRun Run() => new(new ResponseOptions
    {
        Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MinimumHistory = TimeSpan.Zero },
    });

    private static AnomalyFound Planned(DateTimeOffset at, double score)
    {
        var found = Some.AnomalyFound(at, score: score);
        return found with { Anomaly = found.Anomaly with { Evidence = found.Anomaly.Evidence with { PlannedChange = "CRM migration" } } };
    }

    private static Evidence Found(string agent, DateTimeOffset at, string family)
    {
        var engine = new DetectionEngine(
            new DetectionOptions(), [new LoudDetector(family: family)], new VolatileState(), calendar: new WorkCalendar([], [Migration]));
        var output = new DetectionOutput();
        engine.Process(Some.ToolCall(at, agent: agent), at, output);
        return output.Anomalies[0].Evidence;
    }
}
