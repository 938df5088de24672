using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Core.Tests.Response.Policy;

public sealed class PolicyTests
{
    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9);

    private static readonly AgentRegistry Registry = new(
    [
        new RegisteredAgent("agent-1") { PeerGroup = "writers", Owner = "emma", Credentials = ["key-1"] },
        new RegisteredAgent("agent-2") { PeerGroup = "readers", Owner = "liam", Credentials = ["key-2"] },
    ]);

    [Fact]
    public void The_first_rule_that_applies_decides_and_every_decision_names_it()
    {
        var policy = Of(
            new PolicyRule("readers", new PolicyConditions { Groups = ["read*"] }, ResponseStep.Notify),
            new PolicyRule("all", new PolicyConditions { Severity = Severity.High }, ResponseStep.SuspendAgent));
        var run = Run(policy);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, "agent-2", score: 9)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, "agent-1", score: 9)));
        var decision = Assert.Single(run.Decisions);
        Assert.Equal(("v7", "all", ResponseStep.SuspendAgent, null, run.Orders[0].SuspensionId), (decision.PolicyVersion, decision.Rule, decision.Step, decision.Objection, decision.SuspensionId));
        Assert.Equal(("v7", "all"), (run.Orders[0].PolicyVersion, run.Orders[0].Rule));
        Assert.Equal(decision.Until, run.Orders[0].ExpiresAt);
    }

    [Fact]
    public void Conditions_are_all_to_be_met()
    {
        var when = new PolicyConditions { Severity = Severity.High, Risk = 5, Detectors = ["vol*"], Agents = ["agent-*"], Groups = ["writers"], Sensitivity = Sensitivity.Confidential };
        Assert.True(Orders(when));
        Assert.False(Orders(when with { Severity = Severity.Critical }));
        Assert.False(Orders(when with { Risk = 6 }));
        Assert.False(Orders(when with { Detectors = ["novelty"] }));
        Assert.False(Orders(when with { Agents = ["other"] }));
        Assert.False(Orders(when with { Groups = ["readers"] }));
        Assert.False(Orders(when with { Sensitivity = Sensitivity.Restricted }));

        static bool Orders(PolicyConditions when)
        {
            var found = Some.AnomalyFound(Now, score: 5);
            return Run(Of(new PolicyRule("r", when, ResponseStep.SuspendAgent))).Feed(found with { Anomaly = found.Anomaly with { Sensitivity = Sensitivity.Confidential } }) == 1;
        }
    }

    [Theory]
    [InlineData(ResponseStep.SuspendSession, SuspensionTargetKind.Session, "s1")]
    [InlineData(ResponseStep.SuspendCredential, SuspensionTargetKind.Credential, "key-1")]
    [InlineData(ResponseStep.SuspendAgent, SuspensionTargetKind.Agent, "agent-1")]
    public void The_named_target_is_taken_when_it_stops_the_harm(ResponseStep step, SuspensionTargetKind kind, string id)
    {
        var run = Run(Of(new PolicyRule("r", new PolicyConditions(), step)));
        run.Feed(Some.AnomalyFound(Now, score: 5, credential: "key-1"));
        Assert.Equal(new SuspensionTarget(kind, id), run.Orders[0].Target);
        Assert.Equal(["key-1"], run.Orders[0].Credentials);
    }

    [Fact]
    public void What_happens_in_another_session_widens_to_the_credential_and_a_foreign_credential_to_the_agent()
    {
        var run = Run(Of(new PolicyRule("r", new PolicyConditions(), ResponseStep.SuspendSession)));
        run.Feed(Some.AnomalyFound(Now, score: 5, credential: "key-1"));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now.AddMinutes(1), detector: "novelty", score: 6, credential: "key-1")));
        Assert.Equal(1, run.Feed(In("s2", "key-1", 2)));
        Assert.Equal(1, run.Feed(In("s3", "key-2", 3)));
        Assert.Equal([SuspensionTargetKind.Session, SuspensionTargetKind.Credential, SuspensionTargetKind.Agent], run.Orders.Select(o => o.Target.Kind));
        Assert.Equal(["key-1"], run.Orders[2].Credentials);
        Assert.NotNull(run.Engine.Forbidding("agent-1"));
        Assert.Null(run.Engine.Forbidding("agent-2", "s1", "key-2"));
        Assert.NotNull(run.Engine.Forbidding("agent-2", "s1", "key-1"));

        static AnomalyFound In(string session, string credential, int minutes)
        {
            var found = Some.AnomalyFound(Now.AddMinutes(minutes), score: 5, credential: credential);
            return found with { Anomaly = found.Anomaly with { SessionId = session } };
        }
    }

    [Fact]
    public void A_group_has_its_own_mode()
    {
        var policy = Of(new PolicyRule("r", new PolicyConditions(), ResponseStep.SuspendAgent)) with
        {
            Modes = [new GroupMode(["writers"], SuspensionMode.Observe), new GroupMode(["readers"], SuspensionMode.Approve)],
        };
        var run = Run(policy);
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, "agent-1", score: 5)));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, "agent-2", score: 5)));
        Assert.Equal(1, run.Feed(Some.AnomalyFound(Now, "agent-3", score: 5)));
        Assert.Equal([AlertKind.Opened, AlertKind.Opened, AlertKind.SuspensionProposed, AlertKind.Opened, AlertKind.SuspensionOrdered], run.Kinds);
        Assert.Equal(["the mode is to observe", "the mode is to ask first", null], run.Decisions.Select(d => d.Objection));
    }

    [Fact]
    public void A_rule_s_own_duration_counts_and_repeats_double_it_up_to_the_longest()
    {
        var run = Run(Of(new PolicyRule("r", new PolicyConditions(), ResponseStep.SuspendAgent) { Duration = TimeSpan.FromHours(1) }), options => options with { MaxDuration = TimeSpan.FromHours(5) });
        var (time, lengths) = (Now, new List<double>());
        for (var i = 0; i < 4; i++)
        {
            run.Feed(Some.AnomalyFound(time, score: 5));
            var order = run.Orders[^1];
            Assert.Equal(i, order.Repeat);
            lengths.Add((order.ExpiresAt!.Value - order.Time).TotalHours);
            run.Advance(order.ExpiresAt.Value);
            run.Feed(Some.Report(order.SuspensionId + "_lift", order.SuspensionId, DeliveryOutcome.Delivered, order.ExpiresAt.Value));
            time = order.ExpiresAt.Value.AddHours(2);
        }

        Assert.Equal([1, 2, 4, 5], lengths);
    }

    [Fact]
    public void What_the_policy_only_wants_proposed_is_proposed_in_automatic_mode_too()
    {
        var run = Run(Of(new PolicyRule("r", new PolicyConditions(), ResponseStep.Propose)));
        Assert.Equal(0, run.Feed(Some.AnomalyFound(Now, score: 9)));
        Assert.Equal(SuspensionState.Proposed, run.Suspension.State);
    }

    private static ResponsePolicy Of(params PolicyRule[] rules) => new("v7", rules);

    private static ResponseRun Run(ResponsePolicy policy, Func<SuspensionOptions, SuspensionOptions>? change = null)
    {
        var options = new SuspensionOptions { Mode = SuspensionMode.Automatic, MaxOwnerPercent = 100, MaxFleetPercent = 100 };
        var run = new ResponseRun(new ResponseOptions { Suspension = change?.Invoke(options) ?? options }, Registry, policy);
        run.Feed(Some.FleetReport(100, Now.AddHours(-1)));
        return run;
    }
}
