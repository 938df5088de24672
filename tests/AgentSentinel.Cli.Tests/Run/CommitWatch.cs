using AgentSentinel.Service.Tests.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>Looks, while the service runs, whether any offset was committed ahead of its checkpoint.</summary>
internal sealed class CommitWatch(KafkaCluster cluster, string topic, string group, int partitions, Checkpoints checkpoints) : IDisposable
{
    private readonly IConsumer<byte[], byte[]> _consumer = new ConsumerBuilder<byte[], byte[]>(
        new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = group }).Build();

    private readonly List<string> _violations = [];

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Looks at which a commit was seen.</summary>
    public int Looks { get; private set; }

    public void Look()
    {
        var committed = _consumer.Committed(Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)), TimeSpan.FromSeconds(10));

        // The commit was read first: a checkpoint that is written meanwhile can only be further on.
        foreach (var commit in committed.Where(c => c.Offset.Value >= 0))
        {
            Looks++;
            var saved = checkpoints.NextOffset(commit.Partition);
            if (commit.Offset.Value > saved)
            {
                _violations.Add($"partition {commit.Partition.Value}: {commit.Offset.Value} committed, {saved} saved");
            }
        }
    }

    public void Dispose() => _consumer.Dispose();
}
