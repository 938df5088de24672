using AgentSentinel.Service.Kafka;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>
/// A Kafka for the tests of one class: the broker named by AGENTSENTINEL_TEST_KAFKA when it is set, else one in this process.
/// Names are unique, so that a real broker may be used again and again.
/// </summary>
public sealed class KafkaCluster : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> _producer;

    public KafkaCluster()
    {
        var address = Environment.GetEnvironmentVariable("AGENTSENTINEL_TEST_KAFKA");
        Embedded = string.IsNullOrEmpty(address) ? EmbeddedBroker.Start() : null;
        BootstrapServers = Embedded?.BootstrapServers ?? address!;
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = BootstrapServers,
            LingerMs = 5,
            MessageMaxBytes = 2_000_000,
            Acks = Acks.All,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    public EmbeddedBroker? Embedded { get; }

    public string BootstrapServers { get; }

    public static string NewName(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    public KafkaOptions Options => new()
    {
        BootstrapServers = BootstrapServers,
        // A mock cluster waits nearly that long in a rebalance; a real broker takes no less, and a busy machine may keep a member from its heartbeats for some seconds.
        SessionTimeout = TimeSpan.FromSeconds(6),
        // Rebalances are noticed at heartbeats.
        ClientSettings = new() { ["heartbeat.interval.ms"] = "200" },
    };

    public async Task<string> NewTopicAsync(int partitions)
    {
        var name = NewName("test");
        if (Embedded is not null)
        {
            Embedded.CreateTopic(name, partitions);
            return name;
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
        return name;
    }

    /// <summary>Appends in order and waits until all of it is in the log.</summary>
    public async Task ProduceAsync(string topic, IEnumerable<(int Partition, byte[]? Key, byte[]? Value, DateTimeOffset Timestamp)> records)
    {
        var deliveries = new List<Task>();
        foreach (var (partition, key, value, timestamp) in records)
        {
            deliveries.Add(_producer.ProduceAsync(
                new TopicPartition(topic, partition),
                new Message<byte[]?, byte[]?> { Key = key, Value = value, Timestamp = new Timestamp(timestamp) }));
        }

        await Task.WhenAll(deliveries);
    }

    /// <summary>So many numbered records in each partition, from number <paramref name="from"/> on.</summary>
    public Task ProduceNumberedAsync(string topic, int partitions, int count, int from = 0) => ProduceAsync(
        topic,
        Enumerable.Range(from, count).SelectMany(number =>
            Enumerable.Range(0, partitions).Select(partition => Numbered(partition, number))));

    public IReadOnlyDictionary<int, long> Committed(string topic, string group, int partitions)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = group }).Build();
        return consumer
            .Committed(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), TimeSpan.FromSeconds(10))
            .ToDictionary(committed => committed.Partition.Value, committed => committed.Offset.Value);
    }

    private static (int Partition, byte[]? Key, byte[]? Value, DateTimeOffset Timestamp) Numbered(int partition, int number) =>
        (partition, Some.Key(partition, number), Some.Value(partition, number), Some.Timestamp(number));

    public void Dispose()
    {
        _producer.Dispose();
        Embedded?.Dispose();
    }
}
