using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Response;
using AgentSentinel.Service;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// Wall time from the append of the first record of a burst to the arrival of the suspension webhook, in the set-up of the demo:
/// everything in one process, on the in-process broker. <c>latency [agents]</c>.
/// </summary>
internal static class LatencyMeasurement
{
    private const int HistoryDays = 4;
    private const int HistoryCallsPerDay = 24;
    private const int BurstCalls = 200;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var agents = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200;
        var folder = Directory.CreateTempSubdirectory("sentinel-latency-");
        using var broker = EmbeddedBroker.Start();
        await using var receiver = await WebhookReceiver.StartAsync(null, TimeProvider.System, CancellationToken.None);
        var options = Options(broker, receiver, folder.FullName);
        broker.CreateTopic(options.Kafka.ToolCallTopic, 4);
        broker.CreateTopic(options.Kafka.JournalTopic, 1);
        await using var host = SentinelHost.Build(options, builder => builder.Logging.ClearProviders());
        await host.StartAsync();

        var arrivals = new ConcurrentDictionary<string, long>();
        var listening = Task.Run(async () =>
        {
            await foreach (var webhook in receiver.Received.ReadAllAsync())
            {
                using var body = JsonDocument.Parse(webhook.Body);
                arrivals.TryAdd(body.RootElement.GetProperty("data").GetProperty("agent_id").GetString()!, Stopwatch.GetTimestamp());
            }
        });

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

        await Task.Delay(TimeSpan.FromSeconds(3));
        await host.StopAsync();
        await receiver.DisposeAsync();
        await listening;
        folder.Delete(recursive: true);

        var milliseconds = appended
            .Where(a => arrivals.ContainsKey(a.Key))
            .Select(a => Stopwatch.GetElapsedTime(a.Value, arrivals[a.Key]).TotalMilliseconds)
            .Order()
            .ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds.Length} of {agents} bursts led to a webhook; append to arrival: p50 {At(milliseconds, 0.5):0} ms, p99 {At(milliseconds, 0.99):0} ms, longest {At(milliseconds, 1):0} ms"));
        return milliseconds.Length == agents ? 0 : 1;
    }

    private static double At(double[] sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];

    private static SentinelOptions Options(EmbeddedBroker broker, WebhookReceiver receiver, string folder) => new()
    {
        Kafka = new KafkaOptions { BootstrapServers = broker.BootstrapServers, CreateTopics = false, ClientSettings = new() { ["fetch.wait.max.ms"] = "2" } },
        Checkpoints = new CheckpointOptions { Folder = folder },
        Webhook = new WebhookOptions { Url = receiver.Address.ToString(), Secrets = [receiver.Secret], AllowPrivateTargets = true },
        Alerts = new SinkOptions { Log = false, Kafka = false },
        Health = new HealthOptions { Url = "" },
        Response = new ResponseOptions
        {
            Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MinimumHistory = TimeSpan.Zero, MaxPerHour = 100_000, MaxFleetPercent = 100 },
        },
    };

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
