using AgentSentinel.Core;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Provenance;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Decisions;

public sealed class DecisionTableTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly ResponseEngine _engine = new(new ResponseOptions(), new VolatileState());
    private readonly ResponseOutput _output = new();
    private int _commands;

    [Fact]
    public void Before_the_journal_was_read_nobody_is_vouched_for()
    {
        Assert.False(Table(FailMode.Open).IsCurrent);
        Assert.Same(DecisionAnswer.AllowedWhileStale, Table(FailMode.Open).Ask("a", null, null));
        Assert.Same(DecisionAnswer.DeniedWhileStale, Table(FailMode.Closed).Ask("a", null, null));
        Assert.Same(DecisionAnswer.NothingKnown, Table(FailMode.Closed).AskForAll());
    }

    [Theory]
    [InlineData(FailMode.Open)]
    [InlineData(FailMode.Closed)]
    public void A_table_that_is_out_of_date_fails_as_configured_and_keeps_its_denials(FailMode whenStale)
    {
        var table = Table(whenStale);
        Suspend("bad");
        table.Offer(_engine, 1);
        table.Confirm(_time.GetTimestamp());
        Assert.Same(DecisionAnswer.Allowed, table.Ask("good", null, null));
        Assert.Contains("\"is_current\":true", table.Ask("bad", null, null).ToString(), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(whenStale == FailMode.Open, table.Ask("good", null, null).IsAllowed);
        Assert.False(table.Ask("bad", null, null).IsAllowed);
        Assert.Contains("\"is_current\":false", table.Ask("bad", null, null).ToString(), StringComparison.Ordinal);

        table.Confirm(_time.GetTimestamp());
        Assert.Same(DecisionAnswer.Allowed, table.Ask("good", null, null));
    }

    [Fact]
    public void Whoever_is_further_ahead_in_the_journal_is_believed()
    {
        var table = Table(FailMode.Open);
        Suspend("bad");
        table.Offer(_engine, 10);
        table.Offer(new ResponseEngine(new ResponseOptions(), new VolatileState()), 9);
        Assert.False(table.Ask("bad", null, null).IsAllowed);
        table.Offer(new ResponseEngine(new ResponseOptions(), new VolatileState()), 11);
        Assert.True(table.Ask("bad", null, null).IsAllowed);
    }

    [Fact]
    public void A_change_wakes_those_who_wait()
    {
        var table = Table(FailMode.Open);
        var changed = table.Changed;
        table.Confirm(_time.GetTimestamp());
        Assert.False(changed.IsCompleted);
        table.Offer(_engine, 1);
        Assert.True(changed.IsCompleted);
        Assert.False(table.Changed.IsCompleted);
    }

    [Fact]
    public void The_table_says_what_the_engine_says()
    {
        var agents = Gen.OneOfConst("a", "b", "c");
        var part = Gen.OneOf(
            Gen.Const((SuspensionTarget?)null),
            Gen.OneOfConst("s1", "s2").Select(s => (SuspensionTarget?)new SuspensionTarget(SuspensionTargetKind.Session, s)),
            Gen.OneOfConst("k1", "k2").Select(c => (SuspensionTarget?)new SuspensionTarget(SuspensionTargetKind.Credential, c)));
        Gen.Select(agents, part, Gen.Bool, Gen.Int[0, 5]).Array[1, 40].Sample(
            steps =>
            {
                var engine = new ResponseEngine(new ResponseOptions(), new VolatileState());
                var output = new ResponseOutput();
                foreach (var (number, (agent, target, isLift, pick)) in steps.Index())
                {
                    var existing = engine.Suspensions.Keys.ElementAtOrDefault(pick);
                    engine.Process(
                        isLift && existing is not null
                            ? new OperatorCommand($"c{number}", Start, OperatorCommandKind.Lift, existing, "p", "r")
                            : new OperatorCommand($"c{number}", Start, OperatorCommandKind.Suspend, agent, "p", "r") { Part = target },
                        output);
                }

                var table = DecisionSnapshot.Of(engine, 1);
                foreach (var agent in (string[])["a", "b", "c", "d"])
                {
                    foreach (var session in (string?[])[null, "s1", "s2"])
                    {
                        foreach (var credential in (string?[])[null, "k1", "k2"])
                        {
                            Assert.Equal(engine.Forbidding(agent, session, credential)?.Target.Kind, table.Find(agent, session, credential)?.Target.Kind);
                        }
                    }
                }
            },
            iter: 500,
            seed: "0000KOIKNZa4",
            threads: 1);
    }

    private DecisionTable Table(FailMode whenStale) => new(new DecisionOptions { WhenStale = whenStale }, _time);

    private void Suspend(string agentId) =>
        _engine.Process(new OperatorCommand($"cmd-{++_commands}", Start, OperatorCommandKind.Suspend, agentId, "ann", "reason"), _output);
}
