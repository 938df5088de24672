using System.Diagnostics;
using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.History;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// How long the lists of the history file take, first page and a page far down, in each order and with filters that hit much and little, while
/// points are being written beside them; and how many points a second can be written. <c>history [agents] [alerts]</c>.
/// </summary>
internal static class HistoryMeasurement
{
    private const int Runs = 15;
    private const int Seed = 41;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Kinds = ["opened", "escalated", "closed", "suspension_proposed", "suspension_ordered", "suspension_confirmed", "suspension_lifted"];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var agents = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        var alerts = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("sentinel-history-");
        try
        {
            var path = Path.Combine(folder.FullName, "history.sqlite");
            Fill(path, agents, alerts);
            await WriteAsync(path, agents, 20);
            Console.WriteLine($"{agents:N0} agents, {alerts:N0} alerts, {alerts / 4:N0} incidents, {alerts:N0} journal entries; file of {new FileInfo(path).Length / 1e6:N0} MB");
            await using var writing = new Writing(path, agents);
            var slowest = 0.0;
            foreach (var (name, ask) in Questions(path, agents))
            {
                slowest = Math.Max(slowest, Measure(name, ask));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slowest {slowest:0.0} ms, while {writing.Points:N0} points were written beside"));
            return slowest <= 300 ? 0 : 1;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<(string Name, Action Ask)> Questions(string path, int agents)
    {
        var reader = new HistoryReader(path);
        var (alerts, incidents, fleet) = (new AlertQueries(reader), new IncidentQueries(reader), new AgentQueries(reader));
        var series = new SeriesQueries(reader, new HistoryOptions());
        var audit = new AuditQueries(reader);
        var page = new PageRequest();
        yield return ("overview", () => new OverviewQueries(reader).Read());
        foreach (var order in Enum.GetValues<AlertOrder>())
        {
            var far = Far(p => alerts.List(new AlertFilter(), order, true, p).Next);
            yield return ($"alerts by {order}", () => alerts.List(new AlertFilter(), order, true, page));
            yield return ($"alerts by {order}, far down", () => alerts.List(new AlertFilter(), order, true, far));
            yield return ($"alerts by {order}, critical and of one rare kind", () => alerts.List(new AlertFilter { AtLeast = Severity.Critical, Kinds = [AlertKind.SuspensionUndeliverable] }, order, true, page));
            yield return ($"alerts by {order}, high, of two kinds, of one week", () => alerts.List(
                new AlertFilter { AtLeast = Severity.High, Kinds = [AlertKind.Closed, AlertKind.SuspensionLifted], From = Start.AddDays(50), Before = Start.AddDays(57) }, order, true, page));
            yield return ($"alerts by {order}, of one agent", () => alerts.List(new AlertFilter { AgentId = Name(agents / 2) }, order, true, page));
        }

        foreach (var order in Enum.GetValues<IncidentOrder>())
        {
            yield return ($"incidents by {order}, open", () => incidents.List(new IncidentFilter { IsOpen = true }, order, true, page));
            yield return ($"incidents by {order}, ended and critical", () => incidents.List(new IncidentFilter { IsOpen = false, AtLeast = Severity.Critical }, order, true, page));
        }

        foreach (var order in Enum.GetValues<AgentOrder>())
        {
            var far = Far(p => fleet.List(new AgentFilter(), order, true, p).Next);
            yield return ($"agents by {order}", () => fleet.List(new AgentFilter(), order, true, page));
            yield return ($"agents by {order}, far down", () => fleet.List(new AgentFilter(), order, true, far));
            yield return ($"agents by {order}, part of an id that none has", () => fleet.List(new AgentFilter { Contains = "nobody" }, order, true, page));
            yield return ($"agents by {order}, suspended", () => fleet.List(new AgentFilter { HasSuspension = true }, order, true, page));
        }

        yield return ("audit", () => audit.List(new AuditFilter(), true, page));
        yield return ("audit, by one person", () => audit.List(new AuditFilter { Kinds = ["command"], Actor = "emma" }, true, page));
        yield return ("audit, one week", () => audit.List(new AuditFilter { From = Start.AddDays(50), Before = Start.AddDays(57) }, true, page));
        yield return ("small charts of 50 agents", () => series.Hours([.. Enumerable.Range(0, 50).Select(Name)], Start, Start.AddDays(400)));
        yield return ("one chart", () => series.Points(Name(7), WindowDimension.Agent, "", false, SeriesResolution.Minute, Start, Start.AddDays(400)));
    }

    /// <summary>A page some 20,000 rows down.</summary>
    private static PageRequest Far(Func<PageRequest, string?> next)
    {
        var page = new PageRequest(PageRequest.MostRows);
        for (var i = 0; i < 40 && next(page) is { } after; i++)
        {
            page = page with { After = after };
        }

        return page with { Size = 50 };
    }

    private static double Measure(string name, Action ask)
    {
        var times = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            ask();
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        var first = times[0];
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-60} first {first,7:0.0} ms   median {times[Runs / 2],7:0.0} ms   longest {times[^1],7:0.0} ms"));
        return times[^1];
    }

    /// <summary>Some minutes of telemetry of a tenth of the agents.</summary>
    public static async Task WriteAsync(string path, int agents, int minutes)
    {
        await using var writer = new SqliteWindowWriter(path, new HistoryOptions(), TimeProvider.System);
        var (began, points) = (Stopwatch.GetTimestamp(), 0);
        for (var minute = 0; minute < minutes; minute++)
        {
            for (var from = 0; from < agents / 10; from += 1_000)
            {
                var values = Minute(from, 1_000, minute);
                await writer.WriteAsync(values, CancellationToken.None);
                points += values.Length;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{points / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} points written a second"));
    }

    private static WindowValue[] Minute(int from, int agents, int minute) => [.. Enumerable.Range(from, agents).SelectMany(a => (WindowValue[])
        [
            new WindowValue(Name(a), WindowDimension.Agent, "", false, Start.AddDays(120).AddMinutes(minute), 7, 1, 0, 90, 4000, 0, new ExpectedRange(1, 12), 0.3),
            new WindowValue(Name(a), WindowDimension.Tool, "crm.read", false, Start.AddDays(120).AddMinutes(minute), 5, 1, 0, 60, 3000, 0, null, 0),
            new WindowValue(Name(a), WindowDimension.Dataset, "crm/contacts", false, Start.AddDays(120).AddMinutes(minute), 5, 1, 0, 60, 3000, 0, null, 0),
        ])];

    /// <summary>An agent's name.</summary>
    public static string Name(int agent) => string.Create(CultureInfo.InvariantCulture, $"agent-{agent * 7919 % 1_000_003:0000000}");

    /// <summary>Agents, alerts, incidents and journal entries, drawn from a seed.</summary>
    public static void Fill(string path, int agents, int alerts)
    {
        using var connection = HistoryFile.Open(path);
        using var transaction = connection.BeginTransaction();
        var random = new Random(Seed);
        using var agent = new SqliteStatement(connection, "INSERT INTO agent (id, known_since, last_seen, last_score, last_hour_calls, anomalies, severity, risk, suspension_id, suspension_state) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)", 10);
        for (var i = 0; i < agents; i++)
        {
            var isOpen = random.Next(100) == 0;
            var isSuspended = random.Next(500) == 0;
            agent.Run(transaction, Name(i), At(random, 10), At(random, 120), random.NextDouble(), random.Next(5_000), random.Next(40), isOpen ? random.Next(4) : -1, isOpen ? 2 + (6 * random.NextDouble()) : 0.0,
                isSuspended ? $"sus_{i}" : null, isSuspended ? Kinds[random.Next(3, 6)]["suspension_".Length..] : null);
        }

        using var alert = new SqliteStatement(connection, "INSERT INTO alert (id, kind, time, severity, incident_id, agent_id, suspension_id, risk, anomalies, summary) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)", 10);
        using var json = new SqliteStatement(connection, "INSERT INTO alert_json (seq, json) VALUES ($0, $1)", 2);
        using var entry = new SqliteStatement(connection, "INSERT INTO entry (position, id, kind, recorded_at, agent_id, incident_id, actor, target, summary, json) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)", 10);
        using var incident = new SqliteStatement(connection, """
            INSERT INTO incident (id, agent_id, is_open, severity, risk, anomalies, opened_at, last_at, first_event_at, last_event_at, known_since, summary, credentials, evidence)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $6, $6, $6, $6, $7, '[]', $8)
            """, 9);
        var detail = new string('x', 800);
        for (var i = 0; i < alerts; i++)
        {
            var who = Name((int)(agents * random.NextDouble() * random.NextDouble()));
            var severity = (int)(4 * Math.Pow(random.NextDouble(), 3));
            var time = Start.AddDays(120.0 * i / alerts).AddSeconds(random.Next(60)).ToUnixTimeMilliseconds();
            var summary = "60 calls within a minute; usual is at most 9 at this hour of the week, of which most are crm.read";
            alert.Run(transaction, $"inc_{i / 4}-{i % 4}", Kinds[random.Next(Kinds.Length)], time, severity, $"inc_{i / 4}", who, null, 2 + (6 * random.NextDouble()), i % 4, summary);
            json.Run(transaction, i + 1, detail);
            var isCommand = random.Next(200) == 0;
            entry.Run(transaction, i, $"e{i}", isCommand ? "command" : "anomaly", time, who, $"inc_{i / 4}", isCommand ? (random.Next(20) == 0 ? "emma" : "noor") : null, null, summary, detail);
            if (i % 4 == 0)
            {
                incident.Run(transaction, $"inc_{i / 4}", who, i > alerts - 4_000 ? 1 : 0, severity, 2 + (6 * random.NextDouble()), 4, time, summary, detail);
            }
        }

        transaction.Commit();
    }

    private static long At(Random random, int days) => Start.AddDays(days * random.NextDouble()).ToUnixTimeMilliseconds();

    /// <summary>Points written without a pause, as a busy fleet would.</summary>
    private sealed class Writing : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _loop;
        private long _points;

        public Writing(string path, int agents) => _loop = Task.Run(async () =>
        {
            await using var writer = new SqliteWindowWriter(path, new HistoryOptions(), TimeProvider.System);
            for (var minute = 100; !_stopping.IsCancellationRequested; minute++)
            {
                var values = Minute(minute * 1_000 % agents, 1_000, minute);
                await writer.WriteAsync(values, CancellationToken.None);
                _points += values.Length;

                // 30,000 points a second: 10,000 agents that are active in every minute make a tenth of that.
                await Task.Delay(100);
            }
        });

        public long Points => Interlocked.Read(ref _points);

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _loop;
            _stopping.Dispose();
        }
    }
}
