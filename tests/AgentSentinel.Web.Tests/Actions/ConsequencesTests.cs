using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Web.Actions;

namespace AgentSentinel.Web.Tests.Actions;

public sealed class ConsequencesTests
{
    private static readonly ActionCase Suspension = new(OperatorCommandKind.Suspend, "a", "a") { Duration = TimeSpan.FromHours(4), UsualCalls = 320, PeersLeft = 2, Declared = new RegisteredAgent("a") { Owner = "sales\u202Eteam", Purpose = "mail" } };

    [Fact]
    public void A_suspension_says_what_is_lost_how_long_it_lasts_and_who_answers()
    {
        var lines = string.Join('\n', Consequences.Of(Suspension, SuspensionTargetKind.Agent, null));
        Assert.Contains("stopped entirely", lines, StringComparison.Ordinal);
        Assert.Contains("about 320 calls", lines, StringComparison.Ordinal);
        Assert.Contains("after 4 h", lines, StringComparison.Ordinal);
        Assert.Contains("2 other agents of its group go on", lines, StringComparison.Ordinal);
        Assert.Contains(@"sales\u202Eteam answers", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("Two people", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_two_people_are_needed_it_is_said_before_the_first_has_agreed() =>
        Assert.Contains(Consequences.Of(Suspension with { NeedOfTwo = "the agent is protected" }, SuspensionTargetKind.Agent, null), l => l.Contains("Two people have to agree, because the agent is protected", StringComparison.Ordinal));

    [Fact]
    public void A_false_verdict_undoes_and_a_justified_one_does_not()
    {
        var verdict = new ActionCase(OperatorCommandKind.Verdict, "a", "inc_1");
        Assert.Contains("lifted", Consequences.Of(verdict, default, Verdict.False)[0], StringComparison.Ordinal);
        Assert.Contains("Nothing changes", Consequences.Of(verdict, default, Verdict.Justified)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "s1", "s1" }, new[] { "k1" }, "Session s1,Credential k1,Agent a")]
    [InlineData(new[] { "s1", "s2" }, new[] { "k1" }, "Credential k1,Agent a")]
    [InlineData(new[] { "s1", null }, new[] { "k1", "k2" }, "Agent a")]
    [InlineData(new string?[0], new string[0], "Agent a")]
    public void The_smallest_part_that_stops_all_that_was_found_comes_first(string?[] sessions, string[] credentials, string parts) =>
        Assert.Equal(parts, string.Join(',', ActionCases.Parts("a", sessions, credentials).Select(p => $"{p.Kind} {p.Id}")));
}
