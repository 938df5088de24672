using System.Globalization;
using AgentSentinel.Service;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Web;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What a person waits for in front of the console, over a large history, in Debian's Chromium on this machine: the first contentful paint of each page
/// with nothing cached, and filtering, sorting and scrolling in the list of agents. <c>console [agents] [alerts]</c>.
/// </summary>
internal static class ConsoleMeasurement
{
    private const string Chromium = "/usr/bin/chromium";
    private const int Runs = 7;

    // Waits until the rows are others than before and none is a placeholder.
    private const string Timed = """
        async act => {
            // Where nothing fits there is no table.
            const rows = () => document.querySelector('.fleet tbody')?.innerText ?? '';
            const before = rows();
            const began = performance.now();
            eval(act);
            while (rows() === before || document.querySelector('.fleet .placeholder')) { await new Promise(r => requestAnimationFrame(r)); }
            return performance.now() - began;
        }
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var agents = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        var alerts = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("sentinel-console-");
        try
        {
            var path = Path.Combine(folder.FullName, "history.sqlite");
            HistoryMeasurement.Fill(path, agents, alerts);
            await HistoryMeasurement.WriteAsync(path, agents, 20);
            using var broker = EmbeddedBroker.Start();
            broker.CreateTopic("measure.tool-calls", 1);
            broker.CreateTopic("measure.journal", 1);
            var options = new SentinelOptions
            {
                Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, ToolCallTopic = "measure.tool-calls", JournalTopic = "measure.journal", CreateTopics = false },
                Checkpoints = new CheckpointOptions { Folder = folder.FullName },
                Health = new HealthOptions { Url = "" },
                Api = new ApiOptions { Url = "http://127.0.0.1:0", MaxRequestsPerMinute = 1_000_000 },
            };
            await using var host = SentinelHost.Build(options, builder =>
            {
                builder.Logging.ClearProviders();
                SocConsole.AddTo(builder, options);
            });
            SocConsole.MapOn(host);
            await host.StartAsync();
            Console.WriteLine($"{agents:N0} agents, {alerts:N0} alerts, {alerts / 4:N0} incidents; service and browser on the same machine, nothing cached");
            var (paint, wait) = await MeasureAsync(new Uri(host.Urls.First()), agents);
            await host.StopAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slowest first paint {paint:0} ms, slowest filter, sort or jump {wait:0} ms"));
            return paint <= 1_000 && wait <= 300 ? 0 : 1;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Paint, double Wait)> MeasureAsync(Uri address, int agents)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var paint = 0.0;

        // The first page of all compiles the code, once in the life of a service.
        await using (var first = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString() }))
        {
            Print("first page of a service that has just started", [await PaintAsync(await first.NewPageAsync(), "")]);
        }

        foreach (var page in (string[])["", "incidents", "incidents/inc_100", "fleet", $"agent?id={HistoryMeasurement.Name(agents / 20)}", "suspensions", "audit", "settings"])
        {
            var times = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString() });
                times.Add(await PaintAsync(await context.NewPageAsync(), page));
            }

            paint = Math.Max(paint, Print($"first paint of /{page}", times));
        }

        await using var fleet = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString(), BypassCSP = true });
        var list = await fleet.NewPageAsync();
        await list.GotoAsync("fleet");
        await list.Locator("main[data-live]").WaitForAsync();
        var wait = 0.0;
        foreach (var (name, act) in Acts())
        {
            var times = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                times.Add(await list.EvaluateAsync<double>(Timed, act(run)));
            }

            wait = Math.Max(wait, Print(name, times));
        }

        return (paint, wait);
    }

    private static async Task<double> PaintAsync(IPage tab, string page)
    {
        await tab.GotoAsync(page);
        return await tab.EvaluateAsync<double>("""
            () => new Promise(done => { const look = () => { const paint = performance.getEntriesByName('first-contentful-paint')[0]; paint ? done(paint.startTime) : requestAnimationFrame(look); }; look(); })
            """);
    }

    private static IEnumerable<(string Name, Func<int, string> Act)> Acts()
    {
        foreach (var (column, name) in (IEnumerable<(int, string)>)[(0, "agent"), (2, "risk"), (3, "calls"), (5, "anomalies"), (7, "last seen")])
        {
            yield return ($"sort by {name}", _ => $"document.querySelectorAll('.fleet th')[{column}].querySelector('button').click()");
        }

        yield return ("filter by id", run => Type(string.Create(CultureInfo.InvariantCulture, $"agent-0{run % 10}")));
        yield return ("filter that fits few", run => Type(string.Create(CultureInfo.InvariantCulture, $"{run % 10}123")));
        yield return ("no filter again", run => Type(run % 2 == 0 ? "" : "0123"));
        yield return ("jump within the list", run => string.Create(CultureInfo.InvariantCulture, $"document.querySelector('.table-room.tall').scrollTop = {(run % 2 == 0 ? 900_000 : 100_000) + (run * 10_000)}"));
    }

    private static string Type(string text) => $"const box = document.querySelector('[data-filter]'); box.value = '{text}'; box.dispatchEvent(new Event('input', {{ bubbles: true }}))";

    private static double Print(string name, List<double> times)
    {
        var first = times[0];
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} first {first,6:0} ms   median {times[times.Count / 2],6:0} ms   longest {times[^1],6:0} ms"));
        return times[^1];
    }
}
