using System.Text;
using AgentSentinel.Service.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSentinel.Service.Tests.Kafka;

public sealed class RecordProducerTests(KafkaCluster kafka) : IClassFixture<KafkaCluster>
{
    [Fact]
    public async Task What_was_acknowledged_is_in_the_log()
    {
        var stop = TestContext.Current.CancellationToken;
        var topic = await kafka.NewTopicAsync(2);
        await using (var producer = new RecordProducer(kafka.Options, NullLogger.Instance))
        {
            for (var i = 0; i < 100; i++)
            {
                await producer.AppendAsync(topic, 1, Some.Key(1, i), Some.Value(1, i), stop);
            }

            var inside = Encoding.UTF8.GetBytes("-middle-").AsMemory(1, 6);
            await producer.AppendAsync(topic, null, inside, inside, new Headers { { "reason", [1, 2] } }, stop);
        }

        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = KafkaCluster.NewName("group") }).Build();
        consumer.Assign([new TopicPartitionOffset(topic, 0, 0), new TopicPartitionOffset(topic, 1, 0)]);
        var results = Enumerable.Range(0, 101).Select(_ => consumer.Consume(stop)).ToList();
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => Encoding.UTF8.GetString(Some.Value(1, i))),
            results.Where(result => result.Message.Headers.Count == 0).Select(result => Encoding.UTF8.GetString(result.Message.Value)));
        var withHeader = Assert.Single(results, result => result.Message.Headers.Count == 1);
        Assert.Equal("middle", Encoding.UTF8.GetString(withHeader.Message.Value));
        Assert.Equal("middle", Encoding.UTF8.GetString(withHeader.Message.Key));
    }

    [Fact]
    public async Task A_refusal_of_the_broker_reaches_the_caller()
    {
        Assert.SkipWhen(kafka.Embedded is null, "Makes the broker refuse.");
        var topic = await kafka.NewTopicAsync(1);
        await using var producer = new RecordProducer(kafka.Options, NullLogger.Instance);
        kafka.Embedded.FailRequests(EmbeddedBroker.RequestKind.Produce, ErrorCode.TopicAuthorizationFailed);

        var failure = await Assert.ThrowsAnyAsync<KafkaException>(
            () => producer.AppendAsync(topic, 0, Some.Key(0, 0), Some.Value(0, 0), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.TopicAuthorizationFailed, failure.Error.Code);
    }

    [Fact]
    public async Task A_passing_failure_is_tried_again_and_the_record_is_there_once()
    {
        Assert.SkipWhen(kafka.Embedded is null, "Makes the broker fail for a moment.");
        var topic = await kafka.NewTopicAsync(1);
        await using var producer = new RecordProducer(kafka.Options, NullLogger.Instance);
        kafka.Embedded.FailRequests(EmbeddedBroker.RequestKind.Produce, ErrorCode.NotEnoughReplicas, ErrorCode.LeaderNotAvailable);

        await producer.AppendAsync(topic, 0, Some.Key(0, 0), Some.Value(0, 0), TestContext.Current.CancellationToken);

        var owner = new ReadingOwner();
        await using var consumer = new PartitionedConsumer(
            kafka.Options, topic, KafkaCluster.NewName("group"), owner, TimeProvider.System, NullLogger.Instance);
        await Eventually.IsTrue(() => owner.Records(0).Length > 0 && consumer.Lag.Any(lag => lag.IsCaughtUp));
        Assert.Single(owner.Records(0));
    }
}
