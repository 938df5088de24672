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

    private string Suspended()
    {
        _run.Feed(Some.AnomalyFound(Now, score: 5));
        return _run.Suspension.Id;
    }

    private void Report(string id, DeliveryOutcome outcome, int minutes) => _run.Feed(Some.Report(id, id, outcome, Now.AddMinutes(minutes)));
}
