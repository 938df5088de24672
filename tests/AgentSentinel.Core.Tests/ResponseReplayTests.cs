using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests.Detection;
using AgentSentinel.Core.Tests.Response;

namespace AgentSentinel.Core.Tests;

public sealed class ResponseReplayTests
{
    public static TheoryData<int, SuspensionMode> Cases
    {
        get
        {
            var cases = new TheoryData<int, SuspensionMode>();
            for (var seed = 51; seed < 60; seed++)
            {
                cases.Add(seed, (SuspensionMode)(seed % 3));
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Restarts_from_older_checkpoints_change_neither_what_is_done_nor_the_memory(int seed, SuspensionMode mode)
    {
        var options = Options(mode);
        var entries = SomeJournal.Draw(seed, 4000, options);
        var straight = new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy);
        straight.Feed([.. entries]);
        straight.Save();
        Assert.InRange(straight.Outcome.Count(), 500, 20_000);

        var stopped = Stopped(entries, options, new Random(seed + 1000));
        Assert.Equal(straight.Outcome, stopped.Outcome);
        Assert.Equal(Some.Show(straight.State), Some.Show(stopped.State));
    }

    [Fact]
    public void A_journal_written_and_read_again_leads_to_the_same()
    {
        var options = Options(SuspensionMode.Automatic);
        var entries = SomeJournal.Draw(61, 3000, options);
        var (direct, read) = (new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy), new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy));
        foreach (var entry in entries)
        {
            direct.Feed(entry);
            Assert.True(JournalJson.TryRead(JournalJson.Write(entry), out var again, out var error), error);
            read.Feed(again!);
        }

        direct.Save();
        read.Save();
        Assert.Equal(direct.Outcome, read.Outcome);
        Assert.Equal(Some.Show(direct.State), Some.Show(read.State));
    }

    [Fact]
    public void The_journal_of_a_partition_that_was_restarted_leads_to_the_same()
    {
        var options = Options(SuspensionMode.Automatic);
        var run = new DetectionRun();
        SomeStream.Draw(62, 8000).ForEach(run.Feed);
        var entries = run.Entries.ToList();
        var (straight, stopped) = (new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy), Stopped(entries, options, new Random(63)));
        straight.Feed([.. entries]);
        straight.Save();
        Assert.NotEmpty(straight.Orders);
        Assert.Equal(straight.Outcome, stopped.Outcome);
        Assert.Equal(Some.Show(straight.State), Some.Show(stopped.State));
    }

    [Fact]
    public void It_does_not_matter_when_it_is_noticed_that_time_has_passed()
    {
        var options = Options(SuspensionMode.Automatic);
        var entries = SomeJournal.Draw(64, 2000, options).DistinctBy(entry => entry.Id);
        var (seldom, often) = (new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy), new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy));
        foreach (var entry in entries)
        {
            seldom.Feed(entry);
            often.Advance(entry.RecordedAt.AddSeconds(-7));
            often.Advance(entry.RecordedAt);
            often.Feed(entry);
        }

        // Between alerts and orders there is no order.
        Assert.Equal(seldom.Outcome.Where(IsAlert), often.Outcome.Where(IsAlert));
        Assert.Equal(seldom.Outcome.Where(o => !IsAlert(o)), often.Outcome.Where(o => !IsAlert(o)));

        static bool IsAlert(string outcome) => outcome.StartsWith("alert", StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeat_is_known_over_sixteen_thousand_entries_and_restarts()
    {
        var run = new ResponseRun(Options(SuspensionMode.Observe));
        var first = Some.Command(OperatorCommandKind.Suspend, "agent-2", Some.Monday);
        Assert.Equal(1, run.Feed(first));
        for (var i = 0; i < 16_000; i++)
        {
            run.Feed(Some.Command(OperatorCommandKind.Lift, "nothing", Some.Monday.AddSeconds(i), $"c{i}"));
            if (i % 1000 == 0)
            {
                run.Save();
                run.RestartFrom(run.State);
            }
        }

        Assert.Equal(0, run.Feed(first with { Target = "agent-3" }));
    }

    private static ResponseOptions Options(SuspensionMode mode) => new()
    {
        Suspension = new SuspensionOptions { Mode = mode, ProtectedAgents = ["agent-1*"], MaxPerHour = 3, Duration = TimeSpan.FromMinutes(45), MaxFleetPercent = 20 },
    };

    private static ResponseRun Stopped(List<JournalEntry> entries, ResponseOptions options, Random random)
    {
        var run = new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy);
        var checkpoints = new List<(int Offset, VolatileState State)> { (0, new VolatileState()) };
        for (var offset = 0; offset < entries.Count; offset++)
        {
            run.Feed(entries[offset]);
            if (random.Next(40) == 0)
            {
                run.Save();
                checkpoints.Add((offset + 1, Some.Copy(run.State)));
            }

            if (random.Next(120) == 0)
            {
                var (next, state) = checkpoints[^random.Next(1, Math.Min(checkpoints.Count, 3) + 1)];
                run.RestartFrom(state);
                checkpoints.RemoveAll(checkpoint => checkpoint.Offset > next);
                offset = next - 1;
            }
        }

        run.Save();
        return run;
    }
}
