using AgentSentinel.Service.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Service.Tests.Kafka;

public sealed class KafkaTopicsTests(KafkaCluster kafka) : IClassFixture<KafkaCluster>
{
    [Fact]
    public async Task Missing_topics_are_created_once()
    {
        Assert.SkipUnless(kafka.Embedded is null, "An embedded broker does not create topics on request.");
        var options = NewNames();
        var log = new RememberingLog();

        await KafkaTopics.EnsureAsync(options, [], log, TestContext.Current.CancellationToken);
        await KafkaTopics.EnsureAsync(options, [], log, TestContext.Current.CancellationToken);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var topics = admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
        Assert.Equal(options.ToolCallPartitions, topics[options.ToolCallTopic]);
        Assert.Equal(1, topics[options.JournalTopic]);
        Assert.Equal(1, topics[options.DeadLetterTopic]);
        Assert.Equal(1, topics[options.AlertTopic]);
        Assert.Equal(4, log.Lines.Count(line => line.Contains("was created", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Contains("could not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_does_not_create_topics_is_no_reason_not_to_start()
    {
        Assert.SkipWhen(kafka.Embedded is null, "A real broker does create them.");
        var log = new RememberingLog();

        await KafkaTopics.EnsureAsync(NewNames(), [], log, TestContext.Current.CancellationToken);

        Assert.Contains(log.Lines, line => line.Contains("could not be created", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Topics_that_exist_are_left_as_they_are()
    {
        var options = NewNames() with
        {
            ToolCallTopic = await kafka.NewTopicAsync(3),
            JournalTopic = await kafka.NewTopicAsync(1),
            DeadLetterTopic = await kafka.NewTopicAsync(1),
            AlertTopic = await kafka.NewTopicAsync(1),
        };
        var log = new RememberingLog();

        await KafkaTopics.EnsureAsync(options, [], log, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(log.Lines, line => line.Contains("created", StringComparison.Ordinal));
    }

    private KafkaOptions NewNames() => kafka.Options with
    {
        ToolCallTopic = KafkaCluster.NewName("calls"),
        JournalTopic = KafkaCluster.NewName("journal"),
        DeadLetterTopic = KafkaCluster.NewName("dead-letters"),
        AlertTopic = KafkaCluster.NewName("alerts"),
    };
}
