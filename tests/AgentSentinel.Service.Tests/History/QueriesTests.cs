using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Tests.History;

public sealed class QueriesTests(QueriesTests.Filled filled) : IClassFixture<QueriesTests.Filled>
{
    private const int Entries = 500;

    private readonly JournalRun _run = filled.Run;

    [Theory]
    [InlineData(AlertOrder.Time, true)]
    [InlineData(AlertOrder.Time, false)]
    [InlineData(AlertOrder.Severity, true)]
    [InlineData(AlertOrder.Risk, true)]
    [InlineData(AlertOrder.Risk, false)]
    public void Pages_of_alerts_are_in_order_and_miss_and_repeat_nothing(object by, bool isDescending)
    {
        var order = (AlertOrder)by;
        var alerts = new AlertQueries(_run.Reader);
        var one = alerts.List(new AlertFilter(), order, isDescending, new PageRequest(500));
        Assert.Null(one.Next);
        foreach (var size in (int[])[1, 7, 100])
        {
            Assert.Equal(one.Items.Select(a => a.Id), Pages(p => alerts.List(new AlertFilter(), order, isDescending, p), size).Select(a => a.Id));
        }

        var keys = one.Items.Select(a => order switch { AlertOrder.Severity => (int)a.Severity, AlertOrder.Risk => a.Risk, _ => a.Time.ToUnixTimeMilliseconds() }).ToList();
        Assert.Equal(isDescending ? keys.OrderDescending() : keys.Order(), keys);
    }

    [Fact]
    public void Filters_of_alerts_hold_together_whatever_the_order()
    {
        var queries = new AlertQueries(_run.Reader);
        var all = Pages(p => queries.List(new AlertFilter(), AlertOrder.Time, false, p), 100);
        var (from, before) = (all[100].Time, all[^100].Time);
        var incident = all.First(a => a.IncidentId is not null).IncidentId;
        AlertKind[] kinds = [AlertKind.Escalated, AlertKind.SuspensionOrdered];
        foreach (var order in Enum.GetValues<AlertOrder>())
        {
            Check(new AlertFilter { AtLeast = Severity.Critical }, a => a.Severity >= Severity.Critical);
            Check(new AlertFilter { AgentId = "agent-3", From = from, Before = before }, a => a.AgentId == "agent-3" && a.Time >= from && a.Time < before);
            Check(new AlertFilter { Kinds = kinds, AtLeast = Severity.High }, a => kinds.Contains(a.Kind) && a.Severity >= Severity.High);
            Check(new AlertFilter { Kinds = [AlertKind.Closed] }, a => a.Kind == AlertKind.Closed);
            Check(new AlertFilter { IncidentId = incident }, a => a.IncidentId == incident);

            void Check(AlertFilter filter, Func<AlertRow, bool> holds)
            {
                var listed = Pages(p => queries.List(filter, order, true, p), 11).Select(a => a.Id).Order().ToList();
                Assert.Equal(all.Where(holds).Select(a => a.Id).Order(), listed);
                Assert.NotEmpty(listed);
            }
        }
    }

    [Theory]
    [InlineData(AgentOrder.Id)]
    [InlineData(AgentOrder.LastSeen)]
    [InlineData(AgentOrder.LastHourCalls)]
    [InlineData(AgentOrder.Risk)]
    [InlineData(AgentOrder.Severity)]
    [InlineData(AgentOrder.Anomalies)]
    public void Agents_are_listed_in_every_order_and_filtered(object by)
    {
        var queries = new AgentQueries(_run.Reader);
        var all = queries.List(new AgentFilter(), (AgentOrder)by, true, new PageRequest(500)).Items;
        Assert.Equal(12, all.Count);
        Assert.Equal(all, Pages(p => queries.List(new AgentFilter(), (AgentOrder)by, true, p), 5));
        Assert.Equal(all.Where(a => a.SuspensionId is not null), queries.List(new AgentFilter { HasSuspension = true }, (AgentOrder)by, true, new PageRequest()).Items);
        Assert.Equal(all.Where(a => a.Severity >= Severity.High), queries.List(new AgentFilter { AtLeast = Severity.High }, (AgentOrder)by, true, new PageRequest()).Items);
        Assert.Equal(["agent-1", "agent-10", "agent-11"], queries.List(new AgentFilter { Contains = "T-1" }, AgentOrder.Id, false, new PageRequest()).Items.Select(a => a.Id));
        Assert.Empty(queries.List(new AgentFilter { Contains = "_" }, (AgentOrder)by, true, new PageRequest()).Items);
        Assert.Empty(queries.List(new AgentFilter { Contains = "%" }, (AgentOrder)by, true, new PageRequest()).Items);
    }

    [Fact]
    public void The_audit_is_filtered_by_what_and_who_and_whom()
    {
        var queries = new AuditQueries(_run.Reader);
        var commands = Pages(p => queries.List(new AuditFilter { Kinds = ["command"], Actor = "emma" }, true, p), 20);
        Assert.NotEmpty(commands);
        Assert.All(commands, c => Assert.Equal(("command", "emma"), (c.Kind, c.Actor)));
        Assert.True(JournalJson.TryRead(System.Text.Encoding.UTF8.GetBytes(queries.FindJson(commands[0].Id)!), out var entry, out _));
        Assert.Equal(commands[0].Target, Assert.IsType<OperatorCommand>(entry).Target);
        var incident = Pages(p => new IncidentQueries(_run.Reader).List(new IncidentFilter(), IncidentOrder.Risk, true, p), 50)[0];
        var anomalies = Pages(p => new IncidentQueries(_run.Reader).Anomalies(incident.Id, p), 3);
        Assert.Equal(incident.Anomalies, anomalies.Count);
        Assert.Equal(anomalies.Select(a => a.Id).Order(), Pages(p => queries.List(new AuditFilter { IncidentId = incident.Id, Kinds = ["anomaly"] }, true, p), 50).Select(a => a.Id).Order());
        Assert.Equal(anomalies, Pages(p => new IncidentQueries(_run.Reader).Anomalies(incident.AgentId, incident.FirstEventTime, incident.LastEventTime.AddTicks(TimeSpan.TicksPerMillisecond), p), 50));
    }

    [Fact]
    public void The_overview_counts_what_is_open()
    {
        var overview = new OverviewQueries(_run.Reader).Read();
        Assert.Equal(12, overview.Agents);
        Assert.Equal(
            Pages(p => new IncidentQueries(_run.Reader).List(new IncidentFilter { IsOpen = true }, IncidentOrder.Last, true, p), 50).GroupBy(i => i.Severity).ToDictionary(g => g.Key, g => (long)g.Count()),
            overview.OpenIncidents);
        Assert.NotEmpty(overview.Suspensions);
        Assert.Equal(Entries, overview.JournalPosition);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("W10")]
    [InlineData("WyJ0aW1lIGRlc2MiLHt9LDFd")]
    [InlineData("IiI")]
    public void A_page_that_begins_nowhere_is_refused(string after) => Assert.Throws<InvalidCursorException>(() =>
        new AlertQueries(_run.Reader).List(new AlertFilter(), AlertOrder.Time, true, new PageRequest(10, after)));

    [Fact]
    public void A_page_of_another_order_is_refused()
    {
        var queries = new AlertQueries(_run.Reader);
        var first = queries.List(new AlertFilter(), AlertOrder.Time, true, new PageRequest(10));
        Assert.Throws<InvalidCursorException>(() => queries.List(new AlertFilter(), AlertOrder.Risk, true, new PageRequest(10, first.Next)));
        Assert.Throws<InvalidCursorException>(() => queries.List(new AlertFilter(), AlertOrder.Time, false, new PageRequest(10, first.Next)));
    }

    [Fact]
    public void Without_a_file_there_is_no_history_and_none_is_made()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Throws<HistoryUnavailableException>(() => new OverviewQueries(new HistoryReader(path)).Read());
        Assert.False(File.Exists(path));
    }

    private static List<T> Pages<T>(Func<PageRequest, Page<T>> read, int size)
    {
        var items = new List<T>();
        var page = new PageRequest(size);
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

    /// <summary>One history for all tests of this class: they only read.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        internal JournalRun Run { get; } = new();

        public async ValueTask InitializeAsync() => await Run.FeedAsync(0, SomeJournal.Draw(5, Entries));

        public ValueTask DisposeAsync() => Run.DisposeAsync();
    }
}
