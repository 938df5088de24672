using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests;

public sealed class ResponseEngineTests
{
    private const double Weak = 2.5;
    private const double Strong = 5;

    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);

    [Fact]
    public void A_first_anomaly_opens_an_incident()
    {
        var run = Run(SuspensionMode.Observe);
        run.Feed(Some.AnomalyFound(Now, score: Weak, credential: "key-1"));
        var alert = Assert.Single(run.Alerts);
        Assert.Equal((AlertKind.Opened, Severity.Low, 1, "agent-1"), (alert.Kind, alert.Severity, alert.Anomalies, alert.AgentId));
        Assert.Equal("60 calls, says volume", alert.Summary);
        Assert.Equal(run.Incident.Id, alert.IncidentId);
        Assert.Equal(["key-1"], run.Incident.Credentials);
    }

    [Fact]
    public void Independent_signs_escalate_it_and_copies_of_one_do_not()
    {
        var run = Run(SuspensionMode.Observe);
        run.Feed(
            Some.AnomalyFound(Now, score: Weak),
            Some.AnomalyFound(Now.AddMinutes(1), score: Weak),
            Some.AnomalyFound(Now.AddMinutes(2), score: Weak));
        Assert.Equal([AlertKind.Opened], run.Kinds);
        run.Feed(Some.AnomalyFound(Now.AddMinutes(3), detector: "novelty", score: 2));
        Assert.Equal([AlertKind.Opened, AlertKind.Escalated], run.Kinds);
        Assert.InRange(run.Incident.Risk, 3.45, 3.5);
        Assert.Equal(4, run.Incident.Anomalies);
        run.Feed(Some.AnomalyFound(Now.AddMinutes(4), detector: "novelty", score: Strong));
        Assert.Equal(Severity.High, run.Alerts[^1].Severity);
        Assert.Equal(["novelty", "volume"], run.Alerts[^1].Evidence.Select(e => e.Detector));
    }

    [Fact]
    public void It_closes_after_a_quiet_period_and_says_since_when()
    {
        var run = Run(SuspensionMode.Observe);
        run.Feed(Some.AnomalyFound(Now), Some.AnomalyFound(Now.AddMinutes(30)));
        run.Advance(Now.AddMinutes(90).AddTicks(-1));
        Assert.NotEmpty(run.Engine.OpenIncidents);
        run.Advance(Now.AddHours(7));
        Assert.Empty(run.Engine.OpenIncidents);
        Assert.Equal((AlertKind.Closed, Now.AddMinutes(90)), (run.Alerts[^1].Kind, run.Alerts[^1].Time));
        run.Feed(Some.AnomalyFound(Now.AddHours(8)));
        Assert.Equal(2, run.Alerts.Select(alert => alert.IncidentId).Distinct().Count());
    }

    [Fact]
    public void A_person_dismisses_it_and_what_it_proposed()
    {
        var run = Run(SuspensionMode.Approve);
        run.Feed(Some.AnomalyFound(Now, score: Strong));
        Assert.Equal(0, run.Feed(Some.Command(OperatorCommandKind.Dismiss, run.Incident.Id, Now.AddMinutes(1))));
        Assert.Equal([AlertKind.Opened, AlertKind.SuspensionProposed, AlertKind.SuspensionLifted, AlertKind.Closed], run.Kinds);
        Assert.Empty(run.Engine.OpenIncidents);
        Assert.Empty(run.Engine.Suspensions);
    }

    [Fact]
    public void Observing_it_says_what_it_would_have_done()
    {
        var run = Run(SuspensionMode.Observe);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, score: Strong)));
        Assert.Contains("would have been suspended", Assert.Single(run.Alerts).Summary, StringComparison.Ordinal);
        Assert.Empty(run.Engine.Suspensions);
    }

    [Fact]
    public void Asking_first_it_proposes_and_a_person_approves()
    {
        var run = Run(SuspensionMode.Approve);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, score: Strong, credential: "key-1")));
        Assert.Equal(SuspensionState.Proposed, run.Suspension.State);
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Approve, run.Suspension.Id, Now.AddMinutes(5))));
        var order = Assert.Single(run.Orders);
        Assert.Equal((SuspensionAction.Suspend, "emma", Now.AddMinutes(5), Now.AddMinutes(5).AddHours(4)), (order.Action, order.DecidedBy, order.Time, order.ExpiresAt));
        Assert.Equal(["key-1"], order.Credentials);

        // A second click orders nothing.
        Assert.Equal(0, run.Feed(Some.Command(OperatorCommandKind.Approve, run.Suspension.Id, Now.AddMinutes(6))));
    }

    [Fact]
    public void A_proposal_that_is_approved_after_its_incident_is_over_still_says_why()
    {
        var run = Run(SuspensionMode.Approve);
        run.Feed(Some.AnomalyFound(Now, score: Strong, credential: "key-1"));
        run.Advance(Now.AddHours(3));
        Assert.Empty(run.Engine.OpenIncidents);
        run.Save();
        run.RestartFrom(run.State);
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Approve, run.Suspension.Id, Now.AddHours(3))));
        var order = Assert.Single(run.Orders);
        Assert.Equal(("volume", "key-1"), (Assert.Single(order.Evidence).Detector, Assert.Single(order.Credentials)));
    }

    [Fact]
    public void A_proposal_that_nobody_answers_is_withdrawn_without_an_order()
    {
        var run = Run(SuspensionMode.Approve);
        run.Feed(Some.AnomalyFound(Now, score: Strong));
        run.Advance(Now.AddHours(5));
        Assert.Empty(run.Orders);
        Assert.Empty(run.Engine.Suspensions);
        Assert.Equal(AlertKind.SuspensionLifted, run.Alerts[^1].Kind);
        Assert.Equal(Now.AddHours(4), run.Alerts[^1].Time);
    }

    [Fact]
    public void Automatically_it_orders_once_per_agent()
    {
        var run = Run(SuspensionMode.Automatic);
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, score: Strong, credential: "key-1")));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddMinutes(1), score: 9), Some.AnomalyFound(Now.AddMinutes(2), detector: "novelty", score: 12)));
        var order = run.Orders[0];
        Assert.Equal(("policy", Severity.High, run.Incident.Id), (order.DecidedBy, order.Severity, order.IncidentId));
        Assert.Equal(order.MessageId, order.SuspensionId);
        Assert.Equal(order.SuspensionId, run.Incident.SuspensionId);
    }

    [Fact]
    public void An_agent_that_is_known_for_too_short_a_time_is_proposed()
    {
        var run = Run(SuspensionMode.Automatic);
        var found = Some.AnomalyFound(Now, score: Strong);
        Assert.Equal(0, run.Feed(found with { Anomaly = found.Anomaly with { KnownSince = Now.AddDays(-6) } }));
        Assert.Equal(AlertKind.SuspensionProposed, run.Alerts[^1].Kind);
    }

    [Fact]
    public void A_weak_incident_suspends_nobody()
    {
        Assert.Equal(0, Run(SuspensionMode.Automatic).Feed(Some.AnomalyFound(Now, score: 4.4)));
    }

    [Theory]
    [InlineData("agent-1", true)]
    [InlineData("agent-*", true)]
    [InlineData("*", true)]
    [InlineData("*-1", true)]
    [InlineData("a*t-*1*", true)]
    [InlineData("Agent-1", false)]
    [InlineData("agent-", false)]
    [InlineData("*-2", false)]
    [InlineData("", false)]
    public void Protected_agents_are_only_proposed(string pattern, bool isProtected)
    {
        var run = Run(SuspensionMode.Automatic, options => options with { ProtectedAgents = ["other", pattern] });
        Assert.Equal(isProtected ? 0 : 1, run.Feed(Some.AnomalyFound(Now, score: Strong)));
        Assert.Equal(isProtected ? SuspensionState.Proposed : SuspensionState.Ordered, run.Suspension.State);
    }

    [Fact]
    public void Over_the_hourly_budget_it_proposes_until_an_hour_has_passed()
    {
        var run = Run(SuspensionMode.Automatic, options => options with { MaxPerHour = 2, MaxFleetPercent = 100 });
        run.Feed(Some.FleetReport(1000, Now));
        for (var agent = 0; agent < 4; agent++)
        {
            Assert.Equal(agent < 2 ? 1 : 0, run.Feed(Some.AnomalyFound(Now.AddMinutes(agent), $"agent-{agent}", score: Strong)));
        }

        Assert.Contains("an hour", run.Alerts[^1].Summary, StringComparison.Ordinal);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddHours(1).AddTicks(-1), "agent-8", score: Strong)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now.AddHours(1), "agent-9", score: Strong)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(39, 1)]
    [InlineData(40, 2)]
    [InlineData(100, 5)]
    public void No_more_than_a_share_of_the_fleet_is_suspended(int fleet, int suspended)
    {
        var run = Run(SuspensionMode.Automatic, options => options with { MaxPerHour = 1000, MaxFleetPercent = 5 });
        run.Feed(Some.FleetReport(fleet / 2, Now, 0), Some.FleetReport(fleet - (fleet / 2), Now, 1));
        Assert.Equal(fleet, run.Engine.FleetSize);
        for (var agent = 0; agent < 10; agent++)
        {
            run.Feed(Some.AnomalyFound(Now.AddMinutes(1), $"agent-{agent}", score: Strong));
        }

        Assert.Equal(suspended, run.Orders.Count);
        Assert.Equal(10 - suspended, run.Engine.Suspensions.Values.Count(s => s.State == SuspensionState.Proposed));
    }

    [Fact]
    public void A_person_suspends_whatever_the_mode_and_the_budget()
    {
        var run = Run(SuspensionMode.Observe, options => options with { MaxPerHour = 0 });
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Suspend, "agent-1", Now)));
        Assert.Equal(("emma", null, "because"), (run.Orders[0].DecidedBy, run.Orders[0].IncidentId, run.Orders[0].Reason));
        Assert.Equal(0, run.Feed(Some.Command(OperatorCommandKind.Suspend, "agent-1", Now.AddMinutes(1))));
    }

    [Fact]
    public void A_person_who_suspends_an_agent_with_a_proposal_carries_that_out()
    {
        var run = Run(SuspensionMode.Approve);
        run.Feed(Some.AnomalyFound(Now, score: Strong));
        var proposed = run.Suspension.Id;
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Suspend, "agent-1", Now.AddMinutes(1))));
        Assert.Equal(proposed, run.Suspension.Id);
    }

    [Fact]
    public void A_person_lifts_and_the_delivered_lift_ends_the_suspension()
    {
        var run = Run(SuspensionMode.Automatic);
        run.Feed(Some.AnomalyFound(Now, score: Strong));
        var id = run.Suspension.Id;
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Lift, id, Now.AddMinutes(5))));
        Assert.Equal((SuspensionAction.Lift, id, "emma"), (run.Orders[1].Action, run.Orders[1].SuspensionId, run.Orders[1].DecidedBy));
        Assert.NotEqual(id, run.Orders[1].MessageId);
        Assert.Equal(0, run.Feed(Some.Command(OperatorCommandKind.Lift, id, Now.AddMinutes(6))));
        run.Feed(Some.Report(run.Orders[1].MessageId, id, DeliveryOutcome.Delivered, Now.AddMinutes(7)));
        Assert.Empty(run.Engine.Suspensions);
        Assert.Null(run.Incident.SuspensionId);
    }

    [Fact]
    public void A_suspension_is_lifted_by_itself_when_its_time_is_over()
    {
        var run = Run(SuspensionMode.Automatic);
        run.Feed(Some.AnomalyFound(Now, score: Strong));
        run.Advance(Now.AddHours(4).AddTicks(-1));
        Assert.Single(run.Orders);
        run.Advance(Now.AddHours(9));
        Assert.Equal((SuspensionAction.Lift, "expiry", Now.AddHours(4)), (run.Orders[1].Action, run.Orders[1].DecidedBy, run.Orders[1].Time));
        run.Advance(Now.AddHours(10));
        Assert.Equal(2, run.Orders.Count);
    }

    [Fact]
    public void A_suspension_after_an_earlier_one_of_the_same_incident_has_another_id()
    {
        var run = Run(SuspensionMode.Automatic, options => options with { Duration = TimeSpan.FromMinutes(10) });
        run.Feed(Some.AnomalyFound(Now, score: Strong));
        run.Feed(Some.AnomalyFound(Now.AddMinutes(11), score: Strong));
        run.Feed(Some.Report(run.Orders[1].MessageId, run.Orders[0].SuspensionId, DeliveryOutcome.Delivered, Now.AddMinutes(12)));
        run.Feed(Some.AnomalyFound(Now.AddMinutes(13), score: Strong));
        Assert.Equal([SuspensionAction.Suspend, SuspensionAction.Lift, SuspensionAction.Suspend], run.Orders.Select(order => order.Action));
        Assert.NotEqual(run.Orders[0].SuspensionId, run.Orders[2].SuspensionId);
        Assert.Single(run.Orders.Select(order => order.IncidentId).Distinct());
        Assert.All(run.Orders, order => Assert.DoesNotContain('.', order.MessageId));
    }

    [Fact]
    public void Entries_that_come_again_are_ignored()
    {
        var run = Run(SuspensionMode.Automatic);
        JournalEntry[] entries =
        [
            Some.FleetReport(50, Now), Some.AnomalyFound(Now, score: Strong), Some.Command(OperatorCommandKind.Suspend, "agent-2", Now.AddMinutes(1)),
            Some.AnomalyFound(Now.AddMinutes(2)),
        ];
        run.Feed(entries);
        var (alerts, orders) = (run.Alerts.Count, run.Orders.Count);
        run.Feed(entries);
        run.Save();
        run.RestartFrom(run.State);
        run.Feed(entries);
        Assert.Equal((alerts, orders), (run.Alerts.Count, run.Orders.Count));
        Assert.Equal(2, run.Incident.Anomalies);
    }

    [Fact]
    public void Commands_about_what_is_not_there_do_nothing()
    {
        var run = Run(SuspensionMode.Automatic);
        foreach (var kind in (OperatorCommandKind[])[OperatorCommandKind.Lift, OperatorCommandKind.Approve, OperatorCommandKind.Dismiss])
        {
            run.Feed(Some.Command(kind, "nobody", Now));
        }

        Assert.Empty(run.Alerts);
        Assert.Empty(run.Orders);
    }

    private static ResponseRun Run(SuspensionMode mode, Func<SuspensionOptions, SuspensionOptions>? change = null)
    {
        var options = new SuspensionOptions { Mode = mode };
        return new ResponseRun(new ResponseOptions { Suspension = change?.Invoke(options) ?? options });
    }
}
