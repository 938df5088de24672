using System.Diagnostics;
using System.Globalization;
using AgentSentinel.Service;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Web;
using Confluent.Kafka;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What people who watch cost the line: the calls a second that the whole line takes (to checkpoints and history) while nobody looks, while so many API
/// feeds are open, and while so many consoles show the page of the moment, each rendered on the server as its circuit would. In turn, several
/// times. <c>feeds [watchers] [events] [runs]</c>.
/// </summary>
internal static class FeedMeasurement
{
    // As many partitions as it takes, since the in-process broker keeps 5 MiB of each.
    private const int Partitions = 32;
    private const int Agents = 2_000;
    private const string Topic = "measure.tool-calls";

    private static readonly string[] Kinds = ["nobody", "feeds", "consoles"];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var watchers = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200;
        var events = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1_000_000;
        var runs = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 5;
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic(Topic, Partitions);
        await FillAsync(broker.BootstrapServers, events);
        var rates = Kinds.ToDictionary(k => k, _ => new List<double>());
        for (var run = 0; run <= runs; run++)
        {
            foreach (var kind in Kinds)
            {
                var rate = await ReadAsync(broker, kind, watchers, events);

                // The first time compiles the code.
                if (run > 0)
                {
                    rates[kind].Add(rate);
                }
            }
        }

        var medians = rates.ToDictionary(r => r.Key, r => r.Value.Order().ElementAt(r.Value.Count / 2));
        Console.WriteLine($"{events:N0} calls, {Partitions} partitions, {watchers} watchers, median of {runs}");
        foreach (var (kind, rate) in medians)
        {
            var all = string.Join(", ", rates[kind].Select(r => r.ToString("N0", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-10} {rate,9:N0} calls/s   {100 * ((rate / medians["nobody"]) - 1),6:+0.0;-0.0} %   ({all})"));
        }

        return Kinds.All(k => medians[k] >= 0.95 * medians["nobody"]) ? 0 : 1;
    }

    private static async Task FillAsync(string brokers, int events)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = brokers, CompressionType = CompressionType.Lz4, LingerMs = 50, BatchSize = 1_000_000 }).Build();
        var pending = new List<Task>();
        foreach (var (agentId, json) in SomeFleet.Events(Agents, events))
        {
            pending.Add(producer.ProduceAsync(Topic, new Message<string, byte[]> { Key = agentId, Value = json }));
            if (pending.Count == 20_000)
            {
                await Task.WhenAll(pending);
                pending.Clear();
            }
        }

        await Task.WhenAll(pending);
    }

    private static async Task<double> ReadAsync(EmbeddedBroker broker, string kind, int watchers, int events)
    {
        var folder = Directory.CreateTempSubdirectory("sentinel-feeds-");
        var journal = $"measure.journal-{Guid.NewGuid():n}";
        broker.CreateTopic(journal, 1);
        var options = new SentinelOptions
        {
            Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, ToolCallTopic = Topic, JournalTopic = journal, GroupId = Guid.NewGuid().ToString(), CreateTopics = false },
            Checkpoints = new CheckpointOptions { Folder = folder.FullName },
            Health = new HealthOptions { Url = "" },
            Api = new ApiOptions { Url = "http://127.0.0.1:0", MaxRequestsPerMinute = 1_000_000 },
        };
        await using var host = SentinelHost.Build(options, builder =>
        {
            builder.Logging.ClearProviders();
            SocConsole.AddTo(builder, options);
            builder.Services.AddScoped<NavigationManager, WatchingRenderer.Place>();
        });
        SocConsole.MapOn(host);
        await host.StartAsync();
        using var stopping = new CancellationTokenSource();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = watchers }) { BaseAddress = new Uri(host.Urls.First()) };
        var watching = kind switch
        {
            // Open before anything is measured.
            "feeds" => (await Task.WhenAll(Enumerable.Range(0, watchers).Select(_ => client.GetAsync("/v1/feed", HttpCompletionOption.ResponseHeadersRead))))
                .Select(answer => ReadFeedAsync(answer, stopping.Token)).ToList(),
            _ => [],
        };
        var consoles = new List<WatchingRenderer>();
        for (var i = 0; kind == "consoles" && i < watchers; i++)
        {
            consoles.Add(await WatchingRenderer.OpenAsync(host.Services, Caller.Principal("somebody", Role.Viewer, "measure")));
        }

        var line = host.Services.GetServices<PipelineHost>().Single(h => h.Name == "detection");
        await ReachAsync(line, events / 5);
        var (from, began) = (PositionOf(line), Stopwatch.GetTimestamp());
        await ReachAsync(line, events);
        var rate = (events - from) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stopping.CancelAsync();
        await Task.WhenAll(watching);
        foreach (var console in consoles)
        {
            await console.DisposeAsync();
        }

        await host.StopAsync();
        folder.Delete(recursive: true);
        return rate;
    }

    private static async Task ReadFeedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var owned = answer;
        try
        {
            await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private static long PositionOf(PipelineHost line) => line.Lag.Sum(l => Math.Max(l.Position, 0));

    private static async Task ReachAsync(PipelineHost line, long events)
    {
        while (PositionOf(line) < events)
        {
            await Task.Delay(5);
        }
    }
}
