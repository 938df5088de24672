using AgentSentinel.Core;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Tests.History;

public sealed class HistoryWorkerTests
{
    private const int Length = 700;

    private static readonly PageRequest All = new(PageRequest.MostRows);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_tells_what_the_response_line_has_done(int seed)
    {
        var entries = SomeJournal.Draw(seed, Length);
        await using var run = new JournalRun();
        await FeedAllAsync(run, entries, new Random(seed));

        var (engine, output) = (new ResponseEngine(SomeJournal.Policy, new VolatileState()), new ResponseOutput());
        entries.ForEach(e => engine.Process(e, output));

        var alerts = new AlertQueries(run.Reader);
        Assert.NotEmpty(output.Alerts);
        Assert.All(output.Alerts, a => Assert.Equal(System.Text.Encoding.UTF8.GetString(JournalJson.Write(a)), alerts.FindJson(a.Id)));
        Assert.Equal(output.Alerts.Select(a => a.Id), Pages(p => alerts.List(new AlertFilter(), AlertOrder.Severity, false, p)).OrderBy(a => output.Alerts.FindIndex(o => o.Id == a.Id)).Select(a => a.Id));

        var incidents = Pages(p => new IncidentQueries(run.Reader).List(new IncidentFilter(), IncidentOrder.Opened, false, p));
        Assert.Equal(
            engine.OpenIncidents.Values.Select(i => (i.Id, i.AgentId, i.Severity, i.Risk, (long)i.Anomalies)).Order(),
            incidents.Where(i => i.IsOpen).Select(i => (i.Id, i.AgentId, i.Severity, i.Risk, i.Anomalies)).Order());
        Assert.Equal(output.Alerts.Count(a => a.Kind == AlertKind.Opened), incidents.Count);
        Assert.Equal(output.Alerts.Count(a => a.Kind == AlertKind.Closed), incidents.Count(i => !i.IsOpen && i.ClosedAt is not null && i.ClosedBecause is not null));

        var suspensions = Pages(p => new SuspensionQueries(run.Reader).List(new SuspensionFilter(), true, p));
        Assert.Equal(
            engine.Suspensions.Values.Select(s => (s.Id, s.AgentId, s.State.ToString().ToLowerInvariant(), s.DecidedBy, s.ExpiresAt)).Order(),
            suspensions.Where(s => s.EndedAt is null).Select(s => (s.Id, s.AgentId, s.State, s.DecidedBy, s.ExpiresAt)).Order());
        Assert.Equal(
            engine.Suspensions.Values.Select(s => (s.Id, s.Verification?.ToString(), s.ResidualAccess, s.PolicyVersion, s.Rule)).Order(),
            suspensions.Where(s => s.EndedAt is null).Select(s => (s.Id, s.Verification is null ? null : Enum.Parse<VerificationOutcome>(s.Verification.Replace("_", "", StringComparison.Ordinal), true).ToString(), s.ResidualAccess, s.PolicyVersion, s.Rule)).Order());
        Assert.Equal(output.Orders.Count(o => o.Action == SuspensionAction.Suspend), suspensions.Count(s => s.OrderedAt is not null));
        Assert.Equal(output.Orders.Count(o => o.Action == SuspensionAction.Lift), suspensions.Count(s => s.LiftOrderedAt is not null && s.LiftedBy is not null));
        Assert.All(suspensions.Where(s => s.State == "withdrawn"), s => Assert.Null(s.OrderedAt));
        Assert.Contains(suspensions, s => s.State == "ended");
        Assert.Equal(
            output.Alerts.Where(a => a.Kind == AlertKind.SuspensionConfirmed).Select(a => a.SuspensionId).Distinct().Order(),
            suspensions.Where(s => s.ConfirmedAt is not null).Select(s => s.Id).Order());

        var agents = Pages(p => new AgentQueries(run.Reader).List(new AgentFilter(), AgentOrder.Id, false, p)).ToDictionary(a => a.Id);
        Assert.All(agents.Values, a => Assert.Equal(engine.OpenIncidents.GetValueOrDefault(a.Id)?.Id, a.IncidentId));
        Assert.All(agents.Values, a => Assert.Equal(engine.Suspensions.Values.Any(s => s.AgentId == a.Id), a.SuspensionId is not null));
        Assert.Equal(entries.OfType<AnomalyFound>().DistinctBy(a => a.Id).Count(), agents.Values.Sum(a => a.Anomalies));

        var audit = Pages(p => new AuditQueries(run.Reader).List(new AuditFilter(), false, p));
        Assert.Equal(entries.DistinctBy(e => e.Id).Select(e => e.Id), audit.Select(a => a.Id));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Restarts_and_other_batches_change_nothing_and_every_entry_is_projected_once(int seed)
    {
        var entries = SomeJournal.Draw(seed, Length);
        await using var straight = new JournalRun();
        await FeedAllAsync(straight, entries, new Random(1));
        await using var stopped = new JournalRun();
        var random = new Random(2);
        while (stopped.NextOffset < entries.Count)
        {
            var from = (int)stopped.NextOffset;
            await stopped.FeedAsync(from, entries.GetRange(from, Math.Min(entries.Count - from, random.Next(1, 40))));
            if (random.Next(5) == 0)
            {
                await stopped.RestartAsync();
            }
        }

        Assert.Equal(straight.Dump(), stopped.Dump());
    }

    [Fact]
    public async Task A_rebuild_takes_the_file_from_whoever_writes_it_and_gives_the_same_again()
    {
        var entries = SomeJournal.Draw(21, Length);
        await using var run = new JournalRun();
        await FeedAllAsync(run, entries, new Random(3));
        var before = run.Dump();

        run.Rebuild();
        Assert.DoesNotContain(run.Dump(), row => row.StartsWith("alert", StringComparison.Ordinal));
        await Assert.ThrowsAsync<OwnershipLostException>(() => run.FeedAsync(entries.Count, [SomeJournal.Anomaly(SomeJournal.Start.AddDays(40))]));
        await run.RestartAsync();
        Assert.Equal(0, run.NextOffset);
        await FeedAllAsync(run, entries, new Random(4));
        Assert.Equal(before, run.Dump());
    }

    [Fact]
    public async Task What_was_decided_under_other_options_is_told_as_it_was_decided_also_by_a_rebuild()
    {
        var entries = SomeJournal.Draw(31, 300);
        var observing = SomeJournal.Policy with { Suspension = SomeJournal.Policy.Suspension with { Mode = SuspensionMode.Observe } };
        var (output, state) = (new ResponseOutput(), new VolatileState());
        foreach (var (options, from, to) in ((ResponseOptions, int, int)[])[(observing, 0, 120), (SomeJournal.Policy, 120, 200), (observing, 200, 300)])
        {
            var engine = new ResponseEngine(options, state);
            entries[from..to].ForEach(e => engine.Process(e, output));
            engine.Save(state);
        }

        await using var run = new JournalRun();
        run.NoteEra(0, observing);
        run.NoteEra(0, observing);
        await run.FeedAsync(0, entries[..50]);
        run.NoteEra(120, SomeJournal.Policy);
        run.NoteEra(200, observing);
        await run.FeedAsync(50, entries[50..]);
        var alerts = new AlertQueries(run.Reader);
        Assert.Equal(output.Alerts.Select(a => a.Id).Order(), Pages(p => alerts.List(new AlertFilter(), AlertOrder.Time, true, p)).Select(a => a.Id).Order());
        Assert.All(output.Alerts, a => Assert.Equal(System.Text.Encoding.UTF8.GetString(JournalJson.Write(a)), alerts.FindJson(a.Id)));

        var before = run.Dump();
        run.Rebuild();
        await run.RestartAsync();
        await FeedAllAsync(run, entries, new Random(6));
        Assert.Equal(before, run.Dump());
    }

    [Fact]
    public async Task Having_run_ahead_of_a_change_of_options_it_makes_itself_anew()
    {
        var entries = SomeJournal.Draw(32, 200);
        await using var run = new JournalRun();
        run.NoteEra(0, SomeJournal.Policy);
        await run.FeedAsync(0, entries);
        run.NoteEra(150, SomeJournal.Policy with { Incidents = SomeJournal.Policy.Incidents with { HighAt = 6 } });
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.FeedAsync(200, []));
        await run.RestartAsync();
        Assert.Equal(0, run.NextOffset);
        await run.FeedAsync(0, entries);
        await run.FeedAsync(200, []);
        Assert.Equal(200, run.NextOffset);
    }

    [Fact]
    public async Task What_time_alone_causes_is_told_too()
    {
        await using var run = new JournalRun();
        await run.FeedAsync(0, [SomeJournal.Anomaly(SomeJournal.Start, score: 8, agent: "x")]);
        Assert.True(Assert.Single(new IncidentQueries(run.Reader).List(new IncidentFilter(), IncidentOrder.Opened, true, All).Items).IsOpen);
        run.Time.Advance(TimeSpan.FromDays(2));
        await run.FeedAsync(1, []);
        var incident = Assert.Single(new IncidentQueries(run.Reader).List(new IncidentFilter(), IncidentOrder.Opened, true, All).Items);
        Assert.Equal((false, SomeJournal.Start + SomeJournal.Policy.Incidents.QuietPeriod), (incident.IsOpen, incident.ClosedAt));
        Assert.Equal("lifting", Assert.Single(new SuspensionQueries(run.Reader).List(new SuspensionFilter(), true, All).Items).State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_agents_audit_holds_what_was_delivered_and_commanded_for_it_too(int seed)
    {
        await using var run = new JournalRun();
        await run.FeedAsync(0, SomeJournal.Draw(seed, Length));
        var suspensions = Pages(p => new SuspensionQueries(run.Reader).List(new SuspensionFilter(), false, p)).ToDictionary(s => s.Id, s => s.AgentId);
        var told = Pages(p => new AuditQueries(run.Reader).List(new AuditFilter(), false, p)).Where(e => e.Target is not null && suspensions.ContainsKey(e.Target)).ToList();
        Assert.Contains(told, e => e.Kind == "delivery" && e.AgentId is not null);
        Assert.Contains(told, e => e.Kind == "command" && e.AgentId is not null);
        Assert.All(told, e => Assert.True(e.AgentId is null || e.AgentId == suspensions[e.Target!]));
    }

    [Fact]
    public async Task What_is_about_no_agent_makes_none()
    {
        await using var run = new JournalRun();
        await run.FeedAsync(0, [new OperatorCommand("cmd-1", SomeJournal.Start, OperatorCommandKind.Disarm, "*", "emma", "because")]);
        Assert.Equal(AlertKind.AutomationDisarmed, Assert.Single(new AlertQueries(run.Reader).List(new AlertFilter(), AlertOrder.Time, true, All).Items).Kind);
        Assert.Empty(new AgentQueries(run.Reader).List(new AgentFilter(), AgentOrder.Id, true, All).Items);
    }

    [Fact]
    public async Task What_was_kept_for_long_enough_goes_and_what_is_open_stays()
    {
        await using var run = new JournalRun(new HistoryOptions { KeepJournal = TimeSpan.FromDays(30) });
        await run.FeedAsync(0, [SomeJournal.Anomaly(SomeJournal.Start, score: 8, agent: "old")]);
        run.Time.Advance(TimeSpan.FromDays(60));
        await run.FeedAsync(1, [SomeJournal.Anomaly(run.Time.GetUtcNow(), agent: "new")]);
        for (var i = 0; i < 3; i++)
        {
            run.Time.Advance(TimeSpan.FromMinutes(20));
            await run.FeedAsync(2 + i, [new FleetReport(0, new(run.Time.GetUtcNow(), i), run.Time.GetUtcNow())]);
        }

        Assert.DoesNotContain(Pages(p => new AuditQueries(run.Reader).List(new AuditFilter(), false, p)), a => a.AgentId == "old");
        Assert.DoesNotContain(Pages(p => new IncidentQueries(run.Reader).List(new IncidentFilter(), IncidentOrder.Last, false, p)), i => i.AgentId == "old");
        Assert.DoesNotContain(Pages(p => new AlertQueries(run.Reader).List(new AlertFilter(), AlertOrder.Time, false, p)), a => a.AgentId == "old" && a.Kind == AlertKind.Opened);

        // Its lift was never delivered.
        Assert.Contains(Pages(p => new SuspensionQueries(run.Reader).List(new SuspensionFilter(), false, p)), s => s.AgentId == "old");
    }

    private static async Task FeedAllAsync(JournalRun run, List<JournalEntry> entries, Random random)
    {
        for (var from = 0; from < entries.Count;)
        {
            var count = Math.Min(entries.Count - from, random.Next(1, 200));
            await run.FeedAsync(from, entries.GetRange(from, count));
            from += count;
        }
    }

    private static List<T> Pages<T>(Func<PageRequest, Page<T>> read)
    {
        var items = new List<T>();
        var page = new PageRequest(200);
        while (true)
        {
            var (next, after) = read(page);
            items.AddRange(next);
            if (after is null)
            {
                return items;
            }

            page = page with { After = after };
        }
    }
}
