using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Cli.Tests.Run;

public sealed class TwoInstancesTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private const int Partitions = 8;
    private const int Agents = 400;
    private const int Calls = 200_000;
    private const int Rogues = 8;

    // The in-process broker keeps 5 MiB a partition, a little under 20,000 of these calls.
    private const int MostBehind = 6_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task One_of_two_instances_is_killed_amid_200000_calls_and_every_call_counts_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("sentinel-two-");
        var topic = await cluster.NewTopicAsync(Partitions);
        var journal = await cluster.NewTopicAsync(1);
        var deadLetters = await cluster.NewTopicAsync(1);
        await using var receiver = await WebhookReceiver.StartAsync(null, TimeProvider.System, cancellation);
        var webhooks = new ConcurrentQueue<ReceivedWebhook>();
        var listening = Task.Run(
            async () =>
            {
                await foreach (var webhook in receiver.Received.ReadAllAsync(cancellation))
                {
                    webhooks.Enqueue(webhook);
                }
            },
            cancellation);

        var group = KafkaCluster.NewName("group");
        string[] arguments =
        [
            "run",
            "--set", $"Kafka:BootstrapServers={cluster.BootstrapServers}",
            "--set", $"Kafka:ToolCallTopic={topic}",
            "--set", $"Kafka:JournalTopic={journal}",
            "--set", $"Kafka:DeadLetterTopic={deadLetters}",
            "--set", $"Kafka:GroupId={group}",
            "--set", "Kafka:CreateTopics=false",
            "--set", "Kafka:SessionTimeout=6s",
            "--set", $"Checkpoints:Folder={folder.FullName}",
            "--set", "Checkpoints:Interval=1s",
            // Commits as often as there is something to commit, so that the watch has something to see.
            "--set", "Kafka:ClientSettings:auto.commit.interval.ms=100",
            "--set", "Alerts:Kafka=false",
            "--set", "Health:Url=",
            "--set", "Response:Suspension:Mode=Automatic",
            "--set", "Response:Suspension:MinimumHistory=1d",
            "--set", "Response:Suspension:MaxPerHour=100",
            "--set", "Response:Suspension:MaxFleetPercent=100",
            "--set", $"Webhook:Url={receiver.Address}",
            "--set", $"Webhook:Secrets:0={receiver.Secret}",
            "--set", "Webhook:AllowPrivateTargets=true",
        ];
        await using var first = SentinelProcess.Start(arguments);
        await using var second = SentinelProcess.Start(arguments);
        var checkpoints = new Checkpoints(folder.FullName, topic);
        using var watch = new CommitWatch(cluster, topic, $"{group}-detection", Partitions, checkpoints);

        var sent = await FeedAsync(topic, checkpoints, second, async number =>
        {
            watch.Look();
            if (number >= Calls / 2 && !first.HasExited)
            {
                await first.KillAsync();
            }
        });
        await WaitForAsync(() => Enumerable.Range(0, Partitions).All(p => checkpoints.NextOffset(p) >= sent.EndOffsets[p]), second);
        await WaitForAsync(() => webhooks.Select(w => AgentOf(w)).Distinct().Count() >= Rogues, second);
        watch.Look();
        Assert.Equal(0, await second.StopAsync(TimeSpan.FromSeconds(60)));
        await receiver.DisposeAsync();
        await listening;

        Assert.True(first.HasExited);
        Assert.Equal(sent.ByAgent.OrderBy(a => a.Key, StringComparer.Ordinal), checkpoints.EventsByAgent(Partitions).OrderBy(a => a.Key, StringComparer.Ordinal));
        Assert.Empty(watch.Violations);
        Assert.True(watch.Looks > 10, $"Only {watch.Looks} commits were seen.");
        AssertJournal(ReadAll(journal));
        AssertWebhooks(webhooks);
        folder.Delete(recursive: true);
    }

    private static void AssertJournal(IReadOnlyList<JournalEntry> entries)
    {
        var anomalies = entries.OfType<AnomalyFound>().Select(a => a.Anomaly).ToList();
        var rogues = anomalies.Where(a => a.WindowStart >= new DateTimeOffset(2026, 3, 8, 0, 0, 0, TimeSpan.Zero)).Select(a => a.AgentId).Distinct().ToList();
        Assert.Equal(Rogues, rogues.Count);

        // A restart may append an anomaly again, under the same id and with the same content; an id never stands for two things.
        var distinct = anomalies.Select(a => (a.Id, a.AgentId, a.Evidence.Detector, a.WindowStart, a.Evidence.Explanation)).Distinct().ToList();
        Assert.Equal(distinct.Count, anomalies.Select(a => a.Id).Distinct().Count());
    }

    private static void AssertWebhooks(IReadOnlyCollection<ReceivedWebhook> webhooks)
    {
        Assert.All(webhooks, w => Assert.True(w.SignatureValid));
        foreach (var agent in webhooks.GroupBy(AgentOf))
        {
            Assert.Single(agent.Select(w => w.Id).Distinct());
        }
    }

    private static string Tail(string text) => text.Length > 6000 ? text[^6000..] : text;

    private static string AgentOf(ReceivedWebhook webhook)
    {
        using var body = JsonDocument.Parse(webhook.Body);
        return body.RootElement.GetProperty("data").GetProperty("agent_id").GetString()!;
    }

    private static async Task WaitForAsync(Func<bool> isReached, SentinelProcess process)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!isReached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < Patience, $"Not reached in time.\n{Tail(process.Output)}");
            Assert.False(process.HasExited, process.Output);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<(Dictionary<string, long> ByAgent, long[] EndOffsets)> FeedAsync(string topic, Checkpoints checkpoints, SentinelProcess service, Func<int, Task> onProgress)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = cluster.BootstrapServers, LingerMs = 5, Acks = Acks.All }).Build();
        var byAgent = new Dictionary<string, long>();
        var ends = new long[Partitions];
        var deliveries = new List<Task<DeliveryResult<string, byte[]>>>();
        var number = 0;
        var began = TimeProvider.System.GetTimestamp();
        foreach (var (agentId, json) in new SteadyFleet(Agents, Calls, Rogues).Calls())
        {
            byAgent[agentId] = byAgent.GetValueOrDefault(agentId) + 1;
            deliveries.Add(producer.ProduceAsync(topic, new Message<string, byte[]> { Key = agentId, Value = json }));
            if (++number % 4_000 == 0 || number == Calls)
            {
                foreach (var delivery in await Task.WhenAll(deliveries))
                {
                    ends[delivery.Partition] = Math.Max(ends[delivery.Partition], delivery.Offset + 1);
                }

                deliveries.Clear();
                await onProgress(number);
                while (Enumerable.Range(0, Partitions).Any(p => ends[p] - checkpoints.NextOffset(p) > MostBehind))
                {
                    Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"The service does not keep up.\n{Tail(service.Output)}");
                    await Task.Delay(50, TestContext.Current.CancellationToken);
                    await onProgress(number);
                }
            }
        }

        return (byAgent, ends);
    }

    private List<JournalEntry> ReadAll(string journal)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = cluster.BootstrapServers,
            GroupId = KafkaCluster.NewName("reader"),
            EnablePartitionEof = true,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(journal, 0, Offset.Beginning));
        var entries = new List<JournalEntry>();
        while (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false } record)
        {
            Assert.True(JournalJson.TryRead(record.Message.Value, out var entry, out var error), error + Encoding.UTF8.GetString(record.Message.Value));
            entries.Add(entry!);
        }

        return entries;
    }
}
