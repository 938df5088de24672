using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>An agent that searches, reads and updates, in this order, and then does not.</summary>
public sealed class SequenceTests
{
    private readonly Subject _agent = new(new Sequence(new SequenceOptions(), Some.Names, AgentRegistry.Empty));
    private DateTimeOffset _now = Some.Monday;
    private int _ids;
    private int _sessions;
    private Finding _last;

    [Fact]
    public void Its_own_order_is_no_surprise_and_another_of_the_same_tools_is()
    {
        Work(sessions: 100, "v1");
        Session("v1", "crm.search", "crm.read", "crm.update");
        var usual = _last;
        Assert.Equal(0, usual.Surprisal);
        Session("v1", "crm.search", "crm.read", "crm.search");
        Assert.True(_last.Surprisal > usual.Surprisal + 0.2, $"{_last.Surprisal:0.00}, usual {usual.Surprisal:0.00}");
    }

    [Fact]
    public void Another_version_inherits_the_orders_of_the_one_before_at_half_their_weight()
    {
        var (same, other) = (Unusual("v1"), Unusual("v2"));
        Assert.InRange(other.Observed, same.Observed / 2, same.Observed - 0.1);

        static Finding Unusual(string version)
        {
            var test = new SequenceTests();
            test.Work(sessions: 30, "v1");
            test.Session(version, "crm.search", "crm.read", "crm.update");
            test.Session(version, "crm.search", "crm.read", "crm.search");
            return test._last;
        }
    }

    [Fact]
    public void Evidence_says_that_the_version_changed_until_enough_of_the_new_one_was_seen()
    {
        Work(sessions: 100, "v1");
        Assert.Null(Caveat());
        Session("v2", "crm.search", "crm.read", "crm.update");
        Assert.Equal("provisional: 3 calls learned since the agent's version changed; what was learned before counts half", Caveat());
        Work(sessions: 100, "v2");
        Assert.Null(Caveat());
    }

    private string? Caveat() => _agent.Baseline.Detail(_last).Caveat;

    private void Work(int sessions, string version)
    {
        for (var session = 0; session < sessions; session++)
        {
            Session(version, "crm.search", "crm.read", "crm.update");
        }
    }

    private void Session(string version, params ReadOnlySpan<string> tools)
    {
        _sessions++;
        foreach (var tool in tools)
        {
            var action = tool == "crm.update" ? ToolAction.Write : ToolAction.Read;
            var id = (++_ids).ToString(CultureInfo.InvariantCulture);
            var call = Some.ToolCall(_now, id, "agent", tool, ["crm:1"], session: $"s-{_sessions}", action: action, version: version);
            _last = _agent.Score(call);
            _agent.Baseline.Learn(call, LearningGate.Open);
            _now = _now.AddSeconds(5);
        }

        _now = _now.AddMinutes(100);
    }
}
