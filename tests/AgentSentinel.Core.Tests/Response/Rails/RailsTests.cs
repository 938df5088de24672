using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests.Response.Rails;

public sealed class RailsTests
{
    private const double Strong = 5;

    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);

    private static readonly AgentRegistry Registry = new(
    [
        new RegisteredAgent("lone") { IsProtected = true },
        new RegisteredAgent("pair-1") { PeerGroup = "pairs", Owner = "emma" },
        new RegisteredAgent("pair-2") { PeerGroup = "pairs", Owner = "emma" },
        new RegisteredAgent("backed-1") { PeerGroup = "backed", Owner = "emma", Substitute = "spare" },
        new RegisteredAgent("backed-2") { PeerGroup = "backed", Owner = "emma", Substitute = "spare" },
        .. Enumerable.Range(0, 50).Select(i => new RegisteredAgent($"a-{i}") { Owner = "mallory" }),
        .. Enumerable.Range(0, 50).Select(i => new RegisteredAgent($"b-{i}") { Owner = "bob" }),
    ]);

    [Fact]
    public void A_protected_agent_needs_two_people()
    {
        var run = Run();
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, "lone", score: Strong)));
        var id = run.Suspension.Id;
        Assert.Equal(0, run.Feed(Approve(id, "emma", 1)));
        Assert.Equal(0, run.Feed(Approve(id, "emma", 2)));
        Assert.Equal(1, run.Feed(Approve(id, "liam", 3)));
        Assert.Equal("emma and liam", run.Orders[0].DecidedBy);
    }

    [Fact]
    public void A_person_alone_cannot_suspend_a_protected_agent()
    {
        var run = Run();
        Assert.Equal(0, run.Feed(Some.Command(OperatorCommandKind.Suspend, "lone", Now)));
        Assert.Equal(0, run.Feed(Some.Command(OperatorCommandKind.Suspend, "lone", Now.AddMinutes(1))));
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Suspend, "lone", Now.AddMinutes(2)) with { Actor = "liam" }));
    }

    [Fact]
    public void The_last_of_a_group_needs_two_people_and_one_with_a_substitute_at_work_does_not()
    {
        var run = Run();
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, "pair-1", score: Strong)));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, "pair-2", score: Strong)));
        Assert.Contains("no other agent of its group", run.Alerts[^1].Summary, StringComparison.Ordinal);
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, "backed-1", score: Strong)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, "backed-2", score: Strong)));
    }

    [Fact]
    public void One_owner_s_agents_cannot_use_up_what_protects_the_others()
    {
        var run = Run(options => options with { MaxPerHour = 10, MaxFleetPercent = 100, MaxOwnerPercent = 50 });
        Assert.Equal(5, Enumerable.Range(0, 50).Sum(i => run.Feed(Some.AnomalyFound(Now, $"a-{i}", score: Strong))));

        // Made-up ids are one owner together, with half of an owner's part.
        Assert.Equal(2, Enumerable.Range(0, 50).Sum(i => run.Feed(Some.AnomalyFound(Now.AddMinutes(1), $"made-up-{i}", score: Strong))));
        Assert.Equal(3, Enumerable.Range(0, 50).Sum(i => run.Feed(Some.AnomalyFound(Now.AddMinutes(2), $"b-{i}", score: Strong))));
    }

    [Fact]
    public void In_a_small_fleet_too_one_owner_leaves_an_agent_s_worth_to_the_others()
    {
        var run = Run(options => options with { MaxFleetPercent = 5 }, fleet: 10);
        Assert.Equal(1, Enumerable.Range(0, 20).Sum(i => run.Feed(Some.AnomalyFound(Now, $"a-{i}", score: Strong))));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, "b-1", score: Strong)));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, "b-2", score: Strong)));
    }

    [Fact]
    public void After_a_person_lifted_it_the_automation_asks_for_a_while()
    {
        var run = Run();
        run.Feed(Some.AnomalyFound(Now, "b-1", score: Strong));
        var id = run.Suspension.Id;
        run.Feed(Some.Command(OperatorCommandKind.Lift, id, Now.AddMinutes(1)), Some.Report(id + "_lift", id, DeliveryOutcome.Delivered, Now.AddMinutes(2)));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddMinutes(3), "b-1", score: Strong)));
        Assert.Contains("a person lifted", run.Alerts[^1].Summary, StringComparison.Ordinal);
        run.Feed(Some.Command(OperatorCommandKind.Dismiss, run.Incident.Id, Now.AddMinutes(4)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now.AddMinutes(31), "b-1", score: Strong)));
    }

    [Fact]
    public void Failures_of_a_suspended_agent_are_no_evidence_and_its_successes_are()
    {
        var run = Run();
        run.Feed(Some.AnomalyFound(Now, "b-1", score: Strong));
        var (alerts, last) = (run.Alerts.Count, run.Incident.LastAt);
        for (var minute = 1; minute < 30; minute++)
        {
            run.Feed(Denied(minute, "tool-mix"), Denied(minute, "volume"));
        }

        Assert.Equal((alerts, last, 1), (run.Alerts.Count, run.Incident.LastAt, run.Incident.Anomalies));
        run.Feed(Some.AnomalyFound(Now.AddMinutes(31), "b-1", detector: "novelty", score: 9));
        Assert.Equal(AlertKind.Escalated, run.Alerts[^1].Kind);

        // Another agent's denials are what they are: probing.
        run.Feed(Denied(40, "tool-mix", "b-2"));
        Assert.Equal(2, run.Engine.OpenIncidents.Count);

        // And this one's are again, once the suspension is over for some time.
        run.Advance(Now.AddHours(5));
        Assert.Empty(run.Engine.OpenIncidents);
        var lift = run.Orders.Single(o => o is { Action: SuspensionAction.Lift, AgentId: "b-1" });
        run.Feed(Some.Report(lift.MessageId, lift.SuspensionId, DeliveryOutcome.Delivered, Now.AddHours(5)));
        run.Feed(Denied(301, "tool-mix"));
        Assert.Single(run.Engine.OpenIncidents);

        static AnomalyFound Denied(int minute, string detector, string agent = "b-1")
        {
            var found = Some.AnomalyFound(Now.AddMinutes(minute), agent, detector, 12);
            return found with { Anomaly = found.Anomaly with { IsOfFailedCalls = true } };
        }
    }

    [Fact]
    public void One_command_disarms_all_and_one_arms_again()
    {
        var run = Run();
        run.Feed(Some.Command(OperatorCommandKind.Disarm, "*", Now), Some.Command(OperatorCommandKind.Disarm, "", Now.AddSeconds(1)));
        Assert.Equal([AlertKind.AutomationDisarmed], run.Kinds);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddMinutes(1), "a-1", score: 12), Some.AnomalyFound(Now.AddMinutes(1), "b-1", score: 12)));
        Assert.Contains("disarmed by emma", run.Alerts[^1].Summary, StringComparison.Ordinal);
        run.Save();
        run.RestartFrom(run.State);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddMinutes(2), "b-2", score: 12)));
        run.Feed(Some.Command(OperatorCommandKind.Arm, "*", Now.AddMinutes(3)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now.AddMinutes(4), "b-3", score: 12)));

        // A person may act whatever the automation may.
        run.Feed(Some.Command(OperatorCommandKind.Disarm, "*", Now.AddMinutes(5)));
        Assert.Equal(1, run.Feed(Some.Command(OperatorCommandKind.Suspend, "b-4", Now.AddMinutes(6))));
    }

    [Fact]
    public void A_false_verdict_lifts_closes_forgets_and_is_not_held_against_the_agent()
    {
        var run = Run();
        run.Feed(Some.AnomalyFound(Now, "b-1", score: Strong));
        var id = run.Suspension.Id;
        Assert.Equal(1, run.Feed(False(run.Incident.Id, 1)));
        Assert.Equal(SuspensionAction.Lift, run.Orders[^1].Action);
        Assert.Empty(run.Engine.OpenIncidents);
        Assert.Equal(0, run.Engine.RiskOf("b-1", Now.AddMinutes(1)));
        run.Feed(Some.Report(id + "_lift", id, DeliveryOutcome.Delivered, Now.AddMinutes(2)));
        run.Feed(Some.AnomalyFound(Now.AddHours(1), "b-1", score: Strong));
        Assert.Equal(0, run.Orders[^1].Repeat);
    }

    [Fact]
    public void Too_many_false_suspensions_of_several_owners_disarm_it_for_all()
    {
        var run = Suspended(["a-1", "b-1", "b-2"]);
        Judge(run, ["a-1", "b-1"]);
        Assert.Empty(run.Engine.DisarmedOwners);
        Judge(run, ["b-2"]);
        Assert.Equal(["*"], run.Engine.DisarmedOwners);
        var alert = run.Alerts.Last(a => a.Kind == AlertKind.AutomationDisarmed);
        Assert.Equal(Severity.Critical, alert.Severity);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddHours(2), "b-9", score: 12)));
    }

    [Fact]
    public void One_owner_s_false_suspensions_disarm_it_for_that_owner_only()
    {
        var run = Suspended(["a-1", "a-2", "a-3", "a-4"]);
        Judge(run, ["a-1", "a-2", "a-3", "a-4"]);
        Assert.Equal(["mallory"], run.Engine.DisarmedOwners);
        var mixed = Suspended(["a-1", "a-2", "made-up-1", "made-up-2"]);
        Judge(mixed, ["a-1", "a-2", "made-up-1", "made-up-2"]);
        Assert.Equal(["", "mallory"], mixed.Engine.DisarmedOwners);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddHours(2), "a-9", score: 12)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now.AddHours(2), "b-9", score: 12)));
    }

    [Fact]
    public void One_agent_suspended_wrongly_again_and_again_counts_once()
    {
        var run = Run();
        for (var i = 0; i < 6; i++)
        {
            run.Feed(Some.AnomalyFound(Now.AddHours(6 * i), "a-1", score: 12));
            var id = run.Suspension.Id;
            run.Feed(False(id, (360 * i) + 1), Some.Report(id + "_lift", id, DeliveryOutcome.Delivered, Now.AddMinutes((360 * i) + 2)));
        }

        Assert.Equal(6, run.Orders.Count(o => o.Action == SuspensionAction.Suspend));
        Assert.Empty(run.Engine.DisarmedOwners);
    }

    [Fact]
    public void Mostly_justified_suspensions_disarm_nothing()
    {
        var agents = Enumerable.Range(0, 20).Select(i => $"b-{i}").ToArray();
        var run = Suspended(agents);
        foreach (var agent in agents.Skip(3))
        {
            run.Feed(Some.Command(OperatorCommandKind.Verdict, Order(run, agent).SuspensionId, Now.AddMinutes(30)) with { Verdict = Verdict.Justified });
        }

        Judge(run, agents.Take(3));
        Assert.Empty(run.Engine.DisarmedOwners);
    }

    [Fact]
    public void The_journal_changes_the_registry_and_unregistered_agents_are_listed_and_look_alikes_told_of()
    {
        var run = Run();
        run.Feed(new AgentSeen("new-one", Now, Now), new AgentSeen("b-1", Now, Now), new AgentSeen("l\u043Ene", Now, Now));
        Assert.Equal(["l\u043Ene", "new-one"], run.Engine.UnregisteredAgents.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("lone", run.Engine.UnregisteredAgents["l\u043Ene"].MistakableFor);
        Assert.Equal((AlertKind.LookAlikeAgent, "l\u043Ene"), (run.Alerts[^1].Kind, run.Alerts[^1].AgentId));
        run.Feed(new RegistryChange("change-1", Now.AddMinutes(1), "new-one", new RegisteredAgent("new-one") { IsProtected = true }, "emma", "because"));
        run.Save();
        run.RestartFrom(run.State);
        Assert.DoesNotContain("new-one", run.Engine.UnregisteredAgents.Keys);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddMinutes(2), "new-one", score: 12)));
        Assert.Contains("protected", run.Alerts[^1].Summary, StringComparison.Ordinal);
    }

    private static ResponseRun Suspended(string[] agents)
    {
        var run = Run(options => options with { MaxPerHour = 100, MaxFleetPercent = 100, MaxOwnerPercent = 100 });
        foreach (var agent in agents)
        {
            Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, agent, score: 12)));
        }

        return run;
    }

    private static void Judge(ResponseRun run, IEnumerable<string> agents)
    {
        foreach (var agent in agents)
        {
            run.Feed(False(Order(run, agent).IncidentId!, 30));
        }
    }

    private static SuspensionOrder Order(ResponseRun run, string agent) => run.Orders.First(o => o.AgentId == agent);

    private static OperatorCommand False(string target, int minutes) =>
        Some.Command(OperatorCommandKind.Verdict, target, Now.AddMinutes(minutes)) with { Verdict = Verdict.False };

    private static OperatorCommand Approve(string id, string actor, int minutes) =>
        Some.Command(OperatorCommandKind.Approve, id, Now.AddMinutes(minutes)) with { Actor = actor };

    private static ResponseRun Run(Func<SuspensionOptions, SuspensionOptions>? change = null, int fleet = 1000)
    {
        var options = new SuspensionOptions { Mode = SuspensionMode.Automatic };
        var run = new ResponseRun(new ResponseOptions { Suspension = change?.Invoke(options) ?? options }, Registry);
        run.Feed(Some.FleetReport(fleet, Now.AddHours(-1)));
        return run;
    }
}
