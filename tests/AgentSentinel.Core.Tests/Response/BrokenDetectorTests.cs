using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Rails;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Response;

/// <summary>A detector that fires on everything, in automatic mode, on ten thousand agents of five hundred owners.</summary>
public sealed class BrokenDetectorTests
{
    private const int Agents = 10_000;
    private const int MostPerHour = 20;
    private const double MostPercent = 1;

    private static readonly DateTimeOffset Start = Some.Monday.AddHours(9);

    private static readonly AgentRegistry Registry = new(Enumerable.Range(0, Agents).Select(i => new RegisteredAgent($"agent-{i}") { Owner = $"owner-{i % 500}" }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_budgets_hold_it_disarms_itself_at_the_first_verdicts_and_nothing_is_lost(bool isJudged)
    {
        var options = new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MaxPerHour = MostPerHour, MaxFleetPercent = MostPercent } };
        var run = new ResponseRun(options, Registry);
        run.Feed(Some.FleetReport(Agents, Start));
        DateTimeOffset? firstVerdict = null, disarmed = null;
        var random = new Random(7);
        for (var second = 0; second < 4 * 3600; second += 4)
        {
            var now = Start.AddSeconds(second);
            for (var i = 0; i < 3; i++)
            {
                run.Feed(Some.AnomalyFound(now, $"agent-{random.Next(Agents)}", score: 12));
            }

            foreach (var order in run.Orders.Where(o => o.Time == now).ToList())
            {
                run.Feed(Some.Report(order.MessageId, order.SuspensionId, DeliveryOutcome.Delivered, now));
            }

            // From twenty minutes on an analyst looks at one of them every ten seconds.
            if (isJudged && second >= 1200 && second % 12 == 0 && second / 12 - 100 is var turn && turn < run.Orders.Count)
            {
                firstVerdict ??= now;
                run.Feed(Some.Command(OperatorCommandKind.Verdict, run.Orders[turn].SuspensionId, now) with { Verdict = Verdict.False });
            }

            disarmed ??= run.Engine.DisarmedOwners.Contains(Disarmament.Everybody) ? now : null;
            Assert.InRange(run.Engine.Suspensions.Values.Count(s => s is { IsAutomatic: true, IsInForce: true }), 0, (int)(Agents * MostPercent / 100));
        }

        var ordered = run.Orders.Where(o => o.Action == SuspensionAction.Suspend).ToList();
        foreach (var order in ordered)
        {
            Assert.InRange(ordered.Count(o => o.Time > order.Time.AddHours(-1) && o.Time <= order.Time), 1, MostPerHour);
        }

        if (isJudged)
        {
            Assert.InRange(disarmed!.Value - firstVerdict!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            Assert.DoesNotContain(ordered, o => o.Time > disarmed);
            Assert.Single(run.Kinds, AlertKind.AutomationDisarmed);
        }
        else
        {
            Assert.Null(disarmed);
            Assert.Equal(4 * MostPerHour, ordered.Count);
        }

        // Nothing is lost: every agent that was found to be odd was told of, and suspended, proposed or told to be over.
        var told = run.Alerts.Where(a => a.Kind == AlertKind.Opened).Select(a => a.AgentId).ToHashSet();
        var acted = run.Alerts.Where(a => a.Kind is AlertKind.SuspensionOrdered or AlertKind.SuspensionProposed).Select(a => a.AgentId).ToHashSet();
        Assert.InRange(told.Count, 6000, Agents);
        Assert.Equal(told, acted);
    }

    [Fact]
    public void An_entry_costs_the_same_with_ten_thousand_open_incidents_as_with_a_hundred()
    {
        // Counted, not timed: memory allocated by an entry must not grow with what is open.
        Assert.InRange(Allocated(10_000), 0, 2 * Allocated(100));

        static long Allocated(int open)
        {
            var engine = new ResponseEngine(new ResponseOptions(), new VolatileState());
            var output = new ResponseOutput();
            for (var i = 0; i < open; i++)
            {
                engine.Process(Some.AnomalyFound(Start, $"agent-{i}"), output);
            }

            var entries = Enumerable.Range(0, 100).Select(i => Some.AnomalyFound(Start.AddMinutes(1), $"agent-{i}", "novelty")).ToList();
            output.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            entries.ForEach(entry => engine.Process(entry, output));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
