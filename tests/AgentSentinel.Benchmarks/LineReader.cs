using System.Diagnostics;
using System.Globalization;
using AgentSentinel.Service;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// One reader of the measured topic, in a process of its own. It reads the topic several times, each time as a new group with new memory and a new journal:
/// the first times compile the code. Of the last time the first fifth forms the group; the CPU time of the rest, to the last checkpoint
/// and commit, is printed in seconds per million calls.
/// </summary>
internal static class LineReader
{
    public const string Line = "sentinel line";
    public const string Discard = "discard, default settings";
    public const string DiscardTuned = "discard, tuned settings";

    /// <summary>How often it reads the topic.</summary>
    public const int Passes = 6;

    public static readonly string[] Kinds = [Discard, DiscardTuned, Line];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (kind, brokers, topic, events) = (arguments[0], arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        var warm = events / 5;
        var seconds = 0.0;
        for (var pass = 0; pass < Passes; pass++)
        {
            seconds = kind == Line ? await ReadLineAsync(brokers, topic, JournalOf(arguments[4], pass), events, warm) : ReadAndDiscard(brokers, topic, events, warm, kind == DiscardTuned);
        }

        Console.WriteLine((seconds * 1e6 / (events - warm)).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>The journal of a pass: a former one's would be read from its beginning.</summary>
    public static string JournalOf(string run, int pass) => string.Create(CultureInfo.InvariantCulture, $"measure.journal.{run}.{pass}");

    private static double ReadAndDiscard(string brokers, string topic, int events, int warm, bool isTuned)
    {
        var config = new ConsumerConfig { BootstrapServers = brokers, GroupId = Guid.NewGuid().ToString(), AutoOffsetReset = AutoOffsetReset.Earliest };
        if (isTuned)
        {
            config.Set("fetch.queue.backoff.ms", "5");
        }

        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Subscribe(topic);
        var warmAt = TimeSpan.Zero;
        for (var read = 0; read < events; read++)
        {
            if (read == warm)
            {
                warmAt = CpuTime();
            }

            _ = consumer.Consume(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("The topic ended early.");
        }

        consumer.Close();
        return (CpuTime() - warmAt).TotalSeconds;
    }

    private static async Task<double> ReadLineAsync(string brokers, string topic, string journal, int events, int warm)
    {
        var folder = Directory.CreateTempSubdirectory("sentinel-line-");
        var options = new SentinelOptions
        {
            Kafka = new KafkaOptions
            {
                BootstrapServers = brokers,
                ToolCallTopic = topic,
                JournalTopic = journal,
                GroupId = Guid.NewGuid().ToString(),
                CreateTopics = false,
            },
            Checkpoints = new CheckpointOptions { Folder = folder.FullName },
            Health = new HealthOptions { Url = "" },
        };
        await using var host = SentinelHost.Build(options, builder => builder.Logging.ClearProviders());
        await host.StartAsync();
        var line = host.Services.GetServices<PipelineHost>().Single(h => h.Name == "detection");
        await ReachAsync(line, warm);
        var warmAt = CpuTime();
        await ReachAsync(line, events);

        // Draining, the last checkpoints and the commits belong to the work.
        await host.StopAsync();
        var seconds = (CpuTime() - warmAt).TotalSeconds;
        folder.Delete(recursive: true);
        return seconds;
    }

    private static async Task ReachAsync(PipelineHost line, long events)
    {
        while (line.Lag.Sum(l => Math.Max(l.Position, 0)) < events)
        {
            await Task.Delay(2);
        }
    }

    private static TimeSpan CpuTime() => Process.GetCurrentProcess().TotalProcessorTime;
}
