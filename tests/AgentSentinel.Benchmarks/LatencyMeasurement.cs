using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Service;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// Wall time from the append of the first record of a burst to the order and to its arrival, and from the decision to the confirmation that was read back, in
/// the set-up of the demo: everything in one process, on the in-process broker. <c>latency [agents] [milliseconds that the receiver takes for an answer]</c>.
/// </summary>
internal static class LatencyMeasurement
{
    private const int HistoryDays = 4;
    private const int HistoryCallsPerDay = 24;
    private const int BurstCalls = 200;

    private static readonly TimeSpan MostToOrder = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostToConfirmation = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var agents = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200;
        var delay = TimeSpan.FromMilliseconds(arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 100);
        var folder = Directory.CreateTempSubdirectory("sentinel-latency-");
        using var broker = EmbeddedBroker.Start();
        await using var receiver = await SlowReceiver.StartAsync(delay);
        var options = Options(broker, receiver, folder.FullName);
        broker.CreateTopic(options.Kafka.ToolCallTopic, 4);
        broker.CreateTopic(options.Kafka.JournalTopic, 1);
        var progress = new Progress();
        await using var host = SentinelHost.Build(options, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IAlertSink>(progress);
        });
        await host.StartAsync();

        var line = host.Services.GetServices<PipelineHost>().Single(h => h.Name == "detection");
        var feed = new Feed(host.Services.GetRequiredService<RecordProducer>(), options.Kafka.ToolCallTopic, line);
        var burst = await feed.LearnAsync(agents);
        var appended = new Dictionary<string, long>();
        for (var agent = 0; agent < agents; agent++)
        {
            appended[Feed.Name(agent)] = await feed.BurstAsync(agent, burst);

            // One after the other, as incidents come; the pause is not part of the measurement.
            await Task.Delay(100);
        }

        await Task.Delay(TimeSpan.FromSeconds(3) + (4 * delay));
        await host.StopAsync();
        folder.Delete(recursive: true);
        return Tell(appended, progress, receiver);
    }

    private static int Tell(Dictionary<string, long> appended, Progress progress, SlowReceiver receiver)
    {
        var toOrder = Sorted(progress.Ordered, o => Stopwatch.GetElapsedTime(appended[o.Key], o.Value.Heard));
        var toArrival = Sorted(progress.Ordered.Where(o => receiver.Arrivals.ContainsKey(o.Value.SuspensionId)), o => Stopwatch.GetElapsedTime(appended[o.Key], receiver.Arrivals[o.Value.SuspensionId]));
        var toConfirmation = Sorted(progress.Ordered.Where(o => progress.Confirmed.ContainsKey(o.Key)), o => progress.Confirmed[o.Key] - o.Value.Decided);
        Console.WriteLine($"{toOrder.Length} of {appended.Count} bursts led to an order; append to order (in the journal's output, saved): {Quantiles(toOrder)}");
        Console.WriteLine($"{toArrival.Length} webhooks came; append to arrival: {Quantiles(toArrival)}");
        Console.WriteLine($"{toConfirmation.Length} were read back and confirmed; decision (the stamp of the entry that led to it) to confirmation: {Quantiles(toConfirmation)}");
        return toConfirmation.Length == appended.Count && At(toOrder, 0.99) <= MostToOrder.TotalMilliseconds && At(toConfirmation, 0.99) <= MostToConfirmation.TotalMilliseconds ? 0 : 1;
    }

    private static double[] Sorted<T>(IEnumerable<T> items, Func<T, TimeSpan> time) => [.. items.Select(i => time(i).TotalMilliseconds).Order()];

    private static string Quantiles(double[] sorted) => string.Create(
        CultureInfo.InvariantCulture, $"p50 {At(sorted, 0.5):0} ms, p99 {At(sorted, 0.99):0} ms, longest {At(sorted, 1):0} ms");

    private static double At(double[] sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];

    private static SentinelOptions Options(EmbeddedBroker broker, SlowReceiver receiver, string folder) => new()
    {
        Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, CreateTopics = false, ClientSettings = new() { ["fetch.wait.max.ms"] = "2" } },
        Checkpoints = new CheckpointOptions { Folder = folder },
        Webhook = receiver.Options(),
        Alerts = new SinkOptions { Log = false, Kafka = false },
        Health = new HealthOptions { Url = "" },
        Response = new ResponseOptions
        {
            Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MinimumHistory = TimeSpan.Zero, MaxPerHour = 100_000, MaxFleetPercent = 100 },
        },
    };

    /// <summary>Notes when the service says that an agent's suspension is ordered and confirmed.</summary>
    private sealed class Progress : IAlertSink
    {
        public string Name => "progress";

        public ConcurrentDictionary<string, (string SuspensionId, DateTimeOffset Decided, long Heard)> Ordered { get; } = new();

        public ConcurrentDictionary<string, DateTimeOffset> Confirmed { get; } = new();

        public Task WriteAsync(Alert alert, CancellationToken cancellationToken)
        {
            if (alert.Kind == AlertKind.SuspensionOrdered)
            {
                Ordered.TryAdd(alert.AgentId, (alert.SuspensionId!, alert.Time, Stopwatch.GetTimestamp()));
            }
            else if (alert.Kind == AlertKind.SuspensionConfirmed)
            {
                Confirmed.TryAdd(alert.AgentId, TimeProvider.System.GetUtcNow());
            }

            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Sends steady histories, then bursts.</summary>
    private sealed class Feed(RecordProducer producer, string topic, PipelineHost line)
    {
        private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        private long _sent;

        public static string Name(int agent) => string.Create(CultureInfo.InvariantCulture, $"agent-{agent:0000}");

        /// <summary>Days of steady work of all agents. Returns when the bursts begin, in event time.</summary>
        public async Task<DateTimeOffset> LearnAsync(int agents)
        {
            var time = Start;
            for (var call = 0; call < HistoryDays * HistoryCallsPerDay; call++)
            {
                time = Start + (TimeSpan.FromDays(1) / HistoryCallsPerDay * call);
                await Task.WhenAll(Enumerable.Range(0, agents).Select(agent => SendAsync(agent, time)));
            }

            while (line.Lag.Sum(l => Math.Max(l.Position, 0)) < _sent)
            {
                await Task.Delay(10);
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
            return time + TimeSpan.FromMinutes(30);
        }

        /// <summary>A burst within one minute. Returns when its first record was appended.</summary>
        public async Task<long> BurstAsync(int agent, DateTimeOffset time)
        {
            await SendAsync(agent, time);
            var appended = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(1, BurstCalls - 1).Select(i => SendAsync(agent, time + TimeSpan.FromMilliseconds(100 * i))));
            return appended;
        }

        private Task SendAsync(int agent, DateTimeOffset time)
        {
            var number = ++_sent;
            var json = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"id":"call-{{number}}","time":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","agent_id":"{{Name(agent)}}","tool":"crm.read","resources":["crm/contacts"],"credential_id":"key-{{agent}}"}"""));
            return producer.AppendAsync(topic, null, Encoding.UTF8.GetBytes(Name(agent)), json, null, CancellationToken.None);
        }
    }
}
