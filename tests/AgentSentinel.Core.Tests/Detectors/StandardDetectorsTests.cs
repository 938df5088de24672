using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>What the detectors are for, seen through the real engine.</summary>
public sealed class StandardDetectorsTests
{
    private const string Volume = "volume";
    private const string Novelty = "novelty";

    [Fact]
    public void A_disabled_detector_is_not_there()
    {
        var options = new DetectorsOptions { Novelty = new NoveltyOptions { Enabled = false } };
        var names = StandardDetectors.Create(options, Some.Key).Select(detector => detector.Name).ToList();
        Assert.DoesNotContain(Novelty, names);
        Assert.Contains(Volume, names);
    }

    [Fact]
    public void A_burst_of_ten_times_the_usual_raises_before_its_minute_is_over()
    {
        var agent = Settled();
        Assert.Empty(agent.Of(Volume));
        var begin = agent.Now;
        while (agent.Now < begin.AddSeconds(50))
        {
            agent.Call();
            agent.Pass(TimeSpan.FromSeconds(1));
        }

        var anomaly = agent.Of(Volume).First();
        Assert.NotNull(anomaly.CallId);
        Assert.True(anomaly.Time < anomaly.WindowEnd && anomaly.Time < begin.AddSeconds(50));
    }

    [Fact]
    public void The_usual_raises_nothing_for_two_more_weeks()
    {
        var agent = Settled().Work(TimeSpan.FromDays(14));
        Assert.Empty(agent.Anomalies);
    }

    [Fact]
    public void The_score_of_a_minute_never_falls_as_calls_are_added_to_it()
    {
        var subject = new Subject(Some.Detectors().Single(detector => detector.Name == Volume));
        foreach (var call in SomeLife.Ordinary(92))
        {
            subject.Observe(call);
        }

        for (var minute = 0; minute < 50; minute++)
        {
            // What the first call of a minute shows to be complete is learned with it: from there on only the count changes.
            var (time, before) = (Some.Monday.AddDays(36).AddMinutes(17 * minute), 0.0);
            subject.Observe(Some.ToolCall(time));
            for (var i = 1; i < 59; i++)
            {
                var score = 0.0;
                subject.Observe(Some.ToolCall(time.AddSeconds(i)), finding => score = Math.Max(score, finding.Score));
                Assert.True(score >= before, $"minute {minute}, call {i}: {score} after {before}");
                before = score;
            }

            Assert.True(before > 0);
        }
    }

    [Fact]
    public void Three_foreign_datasets_within_an_hour_raise_for_an_agent_of_settled_habits()
    {
        var agent = Settled();
        foreach (var name in (string[])["hr:salaries", "hr:contracts", "hr:health"])
        {
            agent.Call(name);
            agent.Work(TimeSpan.FromMinutes(10));
        }

        var anomaly = agent.Of(Novelty).Last();
        Assert.Equal("new_resources", anomaly.Evidence.Feature);
        Assert.StartsWith("hr:", anomaly.Evidence.Dimension, StringComparison.Ordinal);
        Assert.Contains(anomaly.Evidence.Dimension!, anomaly.Evidence.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_explorers_tenth_new_dataset_raises_nothing()
    {
        var agent = new SettledAgent();
        for (var i = 0; i < 2000; i++)
        {
            // Something new with every fourth call.
            agent.Call(i % 4 == 0 ? $"survey:{i}" : "survey:0");
            agent.Pass(TimeSpan.FromMinutes(i % 30 == 0 ? 120 : 1));
        }

        agent.Anomalies.Clear();
        for (var i = 0; i < 10; i++)
        {
            agent.Call($"survey:more-{i}");
            agent.Call("survey:0");
            agent.Pass(TimeSpan.FromMinutes(4));
        }

        Assert.Empty(agent.Of(Novelty));
    }

    [Fact]
    public void One_new_dataset_named_twice_in_a_call_counts_once()
    {
        var (once, often) = (Observed("hr:salaries"), Observed([.. Enumerable.Repeat("hr:salaries", 60)]));
        Assert.Equal(1, once);
        Assert.Equal(once, often);
    }

    [Fact]
    public void A_quarantined_name_used_again_within_the_hour_is_counted_once()
    {
        var agent = Settled();
        for (var i = 0; i < 60; i++)
        {
            agent.Call($"crm:foreign-{i % 6}");
            agent.Pass(TimeSpan.FromSeconds(20));
        }

        Assert.InRange(agent.Of(Novelty).Max(anomaly => anomaly.Evidence.Observed), 5, 6);
    }

    [Theory]
    [InlineData(CallStatus.Error, "errors")]
    [InlineData(CallStatus.Denied, "denials")]
    public void A_run_of_failures_raises(CallStatus status, string feature)
    {
        var agent = Settled();
        Assert.Empty(agent.Of(Volume));
        for (var i = 0; i < 40; i++)
        {
            agent.Call(status: status);
            agent.Pass(TimeSpan.FromSeconds(8));
        }

        agent.CloseWindows();
        Assert.StartsWith(feature, agent.Of(Volume).First().Evidence.Feature, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quarantined_name_becomes_familiar_after_three_days_and_a_further_use()
    {
        var names = new NameMemory();
        const long Hour = 1000;
        Assert.True(names.Learn(7, Hour, LearningGate.Suspicious, isTold: true));
        Assert.True(names.IsUnfamiliar(7));
        Assert.False(names.Learn(7, Hour + 71, LearningGate.Open, isTold: true));
        Assert.True(names.IsUnfamiliar(7));
        Assert.False(names.Learn(7, Hour + 72, LearningGate.Open, isTold: true));
        Assert.False(names.IsUnfamiliar(7));
    }

    [Fact]
    public void An_attack_repeated_the_next_night_raises_again()
    {
        var agent = Settled();
        for (var night = 0; night < 2; night++)
        {
            agent.Anomalies.Clear();
            var begin = agent.Now;
            for (var i = 0; i < 300; i++)
            {
                agent.Call($"hr:{i % 6}", "hr.export", i % 3 == 0 ? CallStatus.Ok : CallStatus.Denied);
                agent.Pass(TimeSpan.FromSeconds(1));
            }

            agent.CloseWindows();
            Assert.NotEmpty(agent.Of(Volume));
            Assert.NotEmpty(agent.Of(Novelty));
            agent.Work(begin.AddHours(23) - agent.Now);
        }
    }

    private static double Observed(params string[] resources)
    {
        var subject = new Subject(Some.Detectors().Single(detector => detector.Name == Novelty));
        foreach (var call in SomeLife.Ordinary(93, 7))
        {
            subject.Observe(call);
        }

        return subject.Score(Some.ToolCall(Some.Monday.AddDays(8), tool: "crm.tool_1", resources: resources)).Observed;
    }

    private static SettledAgent Settled() => new SettledAgent().Work(TimeSpan.FromDays(9));
}
