using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Response;

public sealed class CredentialUsersTests
{
    [Fact]
    public void A_second_agent_is_found_wherever_it_lives_and_after_a_restart()
    {
        var saved = new VolatileState();
        var first = new ResponseEngine(new ResponseOptions(), saved);
        var output = new ResponseOutput();
        first.Process(Seen("a", Some.Monday), output);
        first.Save(saved);
        var second = new ResponseEngine(new ResponseOptions(), saved);
        second.Process(Seen("b", Some.Monday.AddDays(20)), output);
        var incident = Assert.Single(second.OpenIncidents).Value;
        Assert.Equal("b", incident.AgentId);
        Assert.Equal("shared-credential", incident.Evidence[0].Detector);
        Assert.Contains("a has used", incident.Evidence[0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_agents_of_different_partitions_meet_on_the_journal()
    {
        var options = new DetectionOptions { FingerprintSecret = "0123456789abcdef" };
        var (journal, output) = (new ResponseEngine(new ResponseOptions(), new VolatileState()), new ResponseOutput());
        Partition("a", Some.Monday);
        Assert.Empty(journal.OpenIncidents);
        Partition("b", Some.Monday.AddDays(20));
        Assert.Equal("b", Assert.Single(journal.OpenIncidents).Value.AgentId);

        void Partition(string agent, DateTimeOffset time)
        {
            var (partition, found) = (Some.DetectionEngine(options), new DetectionOutput());
            partition.Process(Some.ToolCall(time, agent: agent, credential: "key-1"), time, found);
            Assert.DoesNotContain(found.Anomalies, anomaly => anomaly.Evidence.Detector == "credential-use");
            journal.Process(new CredentialSeen(Assert.Single(found.Credentials), time), output);
        }
    }

    [Fact]
    public void What_several_agents_were_given_at_once_is_theirs()
    {
        var engine = new ResponseEngine(new ResponseOptions(), new VolatileState());
        var output = new ResponseOutput();
        engine.Process(Seen("a", Some.Monday), output);
        engine.Process(Seen("b", Some.Monday.AddHours(5)), output);
        engine.Process(Seen("c", Some.Monday.AddDays(90)), output);
        Assert.Empty(engine.OpenIncidents);
    }

    [Fact]
    public void The_entry_is_read_as_it_was_written_and_refused_under_another_id()
    {
        var entry = Seen("a", Some.Monday);
        Assert.True(JournalJson.TryRead(JournalJson.Write(entry), out var read, out _));
        Assert.Equal(entry, read);
        var forged = System.Text.Encoding.UTF8.GetString(JournalJson.Write(entry)).Replace("credential/0123456789abcdef/a", "credential/0123456789abcdef/z", StringComparison.Ordinal);
        Assert.False(JournalJson.TryRead(System.Text.Encoding.UTF8.GetBytes(forged), out _, out _));
    }

    private static CredentialSeen Seen(string agent, DateTimeOffset time) =>
        new(new CredentialSighting("0123456789abcdef", agent, time, Some.Monday, "c1", "s1", "key-1"), time);
}
