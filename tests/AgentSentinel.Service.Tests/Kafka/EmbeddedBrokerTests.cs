using AgentSentinel.Service.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Service.Tests.Kafka;

public sealed class EmbeddedBrokerTests
{
    [Fact]
    public void It_listens_on_this_machine_only_and_has_the_topics_it_was_given()
    {
        using var broker = EmbeddedBroker.Start(2);
        broker.CreateTopic("calls", 8);

        Assert.All(broker.BootstrapServers.Split(','), address => Assert.StartsWith("127.0.0.1:", address, StringComparison.Ordinal));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        var metadata = admin.GetMetadata(TimeSpan.FromSeconds(10));
        Assert.Equal(2, metadata.Brokers.Count);
        Assert.Equal(8, Assert.Single(metadata.Topics).Partitions.Count);
    }

    [Fact]
    public void A_topic_is_created_once()
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("calls", 1);

        Assert.Throws<KafkaException>(() => broker.CreateTopic("calls", 1));
    }

    [Fact]
    public void After_its_end_it_does_nothing_any_more()
    {
        var broker = EmbeddedBroker.Start();
        broker.Dispose();
        broker.Dispose();

        Assert.Throws<ObjectDisposedException>(() => broker.CreateTopic("calls", 1));
    }
}
