using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests;

public sealed class ResponseDeliveryTests
{
    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);

    private readonly ResponseRun _run = new(new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic } });

    [Fact]
    public void A_delivered_suspension_is_confirmed_once()
    {
        var id = Suspended();
        Report(id, DeliveryOutcome.Delivered, 1);
        Assert.Equal(SuspensionState.Confirmed, _run.Suspension.State);
        _run.Feed(Some.Report(id, id, DeliveryOutcome.Delivered, Now.AddMinutes(2)) with { Id = "again" });
        Assert.Single(_run.Kinds, AlertKind.SuspensionConfirmed);
    }

    [Fact]
    public void A_failing_delivery_is_told_and_may_still_succeed()
    {
        var id = Suspended();
        Report(id, DeliveryOutcome.Failing, 1);
        Assert.Equal(SuspensionState.Ordered, _run.Suspension.State);
        Assert.Equal(AlertKind.SuspensionFailing, _run.Alerts[^1].Kind);
        Report(id, DeliveryOutcome.Delivered, 2);
        Assert.Equal(SuspensionState.Confirmed, _run.Suspension.State);
    }

    [Fact]
    public void An_undeliverable_suspension_is_critical()
    {
        var id = Suspended();
        Report(id, DeliveryOutcome.Undeliverable, 1);
        Assert.Equal(SuspensionState.Undeliverable, _run.Suspension.State);
        Assert.Equal((AlertKind.SuspensionUndeliverable, Severity.Critical), (_run.Alerts[^1].Kind, _run.Alerts[^1].Severity));
    }

    [Fact]
    public void No_report_causes_an_order_at_once_or_later()
    {
        // Whatever was reported: one order to suspend and, when its time is over, one to lift. Reports may be senseless and come in any order.
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var run = new ResponseRun(new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic } });
            run.Feed(Some.AnomalyFound(Now, score: 5));
            var id = run.Suspension.Id;
            for (var i = 0; i < 40; i++)
            {
                var time = Now.AddMinutes(10 * i);
                run.Advance(time);
                var message = random.Next(3) switch { 0 => id, 1 => id + "_lift", _ => "something" };
                var target = random.Next(5) == 0 ? "sus_other" : id;
                Assert.Equal(0, run.Feed(Some.Report(message, target, (DeliveryOutcome)random.Next(3), time) with { Id = $"report-{i}" }));
            }

            Assert.Equal([SuspensionAction.Suspend, SuspensionAction.Lift], run.Orders.Select(order => order.Action));
        }
    }

    [Fact]
    public void A_report_about_a_message_that_was_never_sent_does_not_end_a_suspension()
    {
        var id = Suspended();
        _run.Feed(Some.Report("something", id, DeliveryOutcome.Delivered, Now.AddMinutes(1)));
        _run.Feed(Some.Report(id + "_lift", id, DeliveryOutcome.Delivered, Now.AddMinutes(1)));
        Assert.Equal(SuspensionState.Ordered, _run.Suspension.State);
        _run.Advance(Now.AddHours(4));
        Assert.Equal(SuspensionAction.Lift, _run.Orders[^1].Action);
    }

    [Fact]
    public void A_suspension_given_up_after_its_lift_was_ordered_is_not_lifted_twice()
    {
        var id = Suspended();
        _run.Advance(Now.AddHours(4));
        Report(id, DeliveryOutcome.Undeliverable, 241);
        _run.Advance(Now.AddHours(9));
        Assert.Equal([SuspensionAction.Suspend, SuspensionAction.Lift], _run.Orders.Select(order => order.Action));
    }

    [Fact]
    public void A_lift_that_was_given_up_does_not_keep_the_suspension_for_ever()
    {
        var id = Suspended();
        _run.Feed(Some.Command(OperatorCommandKind.Lift, id, Now.AddMinutes(1)));
        _run.Feed(Some.Report(id + "_lift", id, DeliveryOutcome.Undeliverable, Now.AddMinutes(2)));
        Assert.Equal((AlertKind.SuspensionUndeliverable, Severity.Critical), (_run.Alerts[^1].Kind, _run.Alerts[^1].Severity));
        Assert.Empty(_run.Engine.Suspensions);
        Assert.Equal(1, _run.Feed(Some.Command(OperatorCommandKind.Suspend, "agent-1", Now.AddMinutes(3))));
    }

    [Fact]
    public void A_person_can_suspend_again_while_the_lift_is_on_its_way()
    {
        var first = Suspended();
        _run.Feed(Some.Command(OperatorCommandKind.Lift, first, Now.AddMinutes(1)));
        Assert.Equal(1, _run.Feed(Some.Command(OperatorCommandKind.Suspend, "agent-1", Now.AddMinutes(2))));
        var second = _run.Orders[^1].SuspensionId;
        Assert.NotEqual(first, second);

        // The earlier one's end does not make the incident forget the one in force.
        _run.Feed(Some.Report(first + "_lift", first, DeliveryOutcome.Delivered, Now.AddMinutes(3)));
        Assert.Equal(second, _run.Suspension.Id);
        Assert.Equal(second, _run.Incident.SuspensionId);
    }

    [Fact]
    public void Where_it_can_be_read_back_it_is_confirmed_only_then()
    {
        var id = Suspended();
        Report(id, VerificationOutcome.Pending, 1);
        Assert.Equal(SuspensionState.Delivered, _run.Suspension.State);
        Assert.Equal(AlertKind.SuspensionDelivered, _run.Alerts[^1].Kind);
        Assert.DoesNotContain(AlertKind.SuspensionConfirmed, _run.Kinds);
        Report(id, VerificationOutcome.Verified, 2, TimeSpan.FromHours(1));
        Assert.Equal((SuspensionState.Confirmed, VerificationOutcome.Verified, TimeSpan.FromHours(1)), (_run.Suspension.State, _run.Suspension.Verification, _run.Suspension.ResidualAccess));
        Assert.Contains("01:00:00", _run.Alerts[^1].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lying_success_is_not_confirmed_and_people_are_told()
    {
        var id = Suspended();
        Report(id, VerificationOutcome.Pending, 1);
        Report(id, VerificationOutcome.Contradicted, 2);
        Assert.Equal(SuspensionState.Contradicted, _run.Suspension.State);
        Assert.Equal((AlertKind.SuspensionContradicted, Severity.Critical), (_run.Alerts[^1].Kind, _run.Alerts[^1].Severity));
        Report(id, VerificationOutcome.Pending, 3);
        Assert.Equal(SuspensionState.Contradicted, _run.Suspension.State);
        Assert.NotNull(_run.Engine.Forbidding("agent-1"));
        Report(id, VerificationOutcome.Verified, 4);
        Assert.Equal(SuspensionState.Confirmed, _run.Suspension.State);
        Report(id, VerificationOutcome.Contradicted, 5);
        Assert.Equal(SuspensionState.Contradicted, _run.Suspension.State);
    }

    [Fact]
    public void A_contradiction_while_attempts_go_on_is_told_as_one_and_giving_up_after_it_too()
    {
        var id = Suspended();
        _run.Feed(Some.Report(id, id, DeliveryOutcome.Failing, Now.AddMinutes(1)) with { Verification = VerificationOutcome.Contradicted });
        Assert.Equal((SuspensionState.Contradicted, AlertKind.SuspensionContradicted), (_run.Suspension.State, _run.Alerts[^1].Kind));
        _run.Feed(Some.Report(id, id, DeliveryOutcome.Undeliverable, Now.AddMinutes(2)));
        Assert.Equal((SuspensionState.Undeliverable, AlertKind.SuspensionUndeliverable), (_run.Suspension.State, _run.Alerts[^1].Kind));
    }

    [Fact]
    public void A_lift_is_over_when_it_is_read_back_and_a_contradicted_one_is_told()
    {
        var id = Suspended();
        Report(id, VerificationOutcome.Verified, 1);
        _run.Feed(Some.Command(OperatorCommandKind.Lift, id, Now.AddMinutes(2)));
        Assert.Null(_run.Engine.Forbidding("agent-1"));
        Lift(VerificationOutcome.Pending, 3);
        Assert.Single(_run.Engine.Suspensions);
        Lift(VerificationOutcome.Contradicted, 4);
        Assert.Equal((AlertKind.SuspensionContradicted, Severity.Critical), (_run.Alerts[^1].Kind, _run.Alerts[^1].Severity));
        Lift(VerificationOutcome.Verified, 5);
        Assert.Empty(_run.Engine.Suspensions);

        void Lift(VerificationOutcome outcome, int minutes) => _run.Feed(
            Some.Report(id + "_lift", id, DeliveryOutcome.Delivered, Now.AddMinutes(minutes)) with { Id = $"lift-{outcome}", Verification = outcome });
    }

    private void Report(string id, VerificationOutcome verification, int minutes, TimeSpan? residual = null) => _run.Feed(
        Some.Report(id, id, DeliveryOutcome.Delivered, Now.AddMinutes(minutes)) with { Id = $"r{minutes}", Verification = verification, ResidualAccess = residual });

    private string Suspended()
    {
        _run.Feed(Some.AnomalyFound(Now, score: 5));
        return _run.Suspension.Id;
    }

    private void Report(string id, DeliveryOutcome outcome, int minutes) => _run.Feed(Some.Report(id, id, outcome, Now.AddMinutes(minutes)));
}
