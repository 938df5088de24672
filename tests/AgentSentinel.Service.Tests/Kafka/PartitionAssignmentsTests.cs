using AgentSentinel.Service.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSentinel.Service.Tests.Kafka;

public sealed class PartitionAssignmentsTests(KafkaCluster kafka) : IClassFixture<KafkaCluster>
{
    private const int Partitions = 4;

    private readonly string _group = KafkaCluster.NewName("group");

    [Fact]
    public async Task Two_consumers_share_the_partitions_and_the_one_that_stays_goes_on_where_the_other_left()
    {
        // On a machine too busy for heartbeats, or for rejoining in time, the group goes on without a member, and what it had read comes again: that says nothing of how members leave.
        for (var attempts = 3; !await ShareAndLeaveAsync(KafkaCluster.NewName("group")); attempts--)
        {
            Assert.True(attempts > 1, "The group went on without a member each time, or the one that stays does not tell how far it is.");
        }
    }

    /// <returns>False when the group went on without a member on the way.</returns>
    private async Task<bool> ShareAndLeaveAsync(string group)
    {
        var topic = await kafka.NewTopicAsync(Partitions);
        await kafka.ProduceNumberedAsync(topic, Partitions, 100);
        var staying = new ReadingOwner();
        var leaving = new ReadingOwner();
        await using var first = Start(topic, staying, group);
        await Eventually.IsTrue(() => staying.Total >= Partitions * 100);
        await using var second = Start(topic, leaving, group);
        await Eventually.IsTrue(() => IsDisturbed() || (staying.Partitions.Count == 2 && leaving.Partitions.Count == 2));

        var moved = leaving.Partitions.ToArray();
        await kafka.ProduceNumberedAsync(topic, Partitions, 100, from: 100);
        await Eventually.IsTrue(() => IsDisturbed() || staying.Total + leaving.Total >= Partitions * 200);
        if (IsDisturbed() || !leaving.Revoked.IsEmpty || moved.Any(partition => leaving.Records(partition) is not [{ Offset: 100 }, ..]))
        {
            return false;
        }

        await second.DisposeAsync();
        Assert.Equal(moved.Order(), leaving.Revoked.Order());
        await Eventually.IsTrue(() => IsDisturbed() || staying.Partitions.Count == Partitions);
        await kafka.ProduceNumberedAsync(topic, Partitions, 100, from: 200);
        await Eventually.IsTrue(() => IsDisturbed() || staying.Total + leaving.Total >= Partitions * 300);
        if (IsDisturbed())
        {
            return false;
        }

        Assert.All(moved, partition => Assert.Equal(
            Enumerable.Range(0, 300).Select(number => (long)number),
            staying.Records(partition).Concat(leaving.Records(partition)).Select(record => record.Offset).Order()));
        Assert.Empty(staying.Complaints);
        Assert.True(second.Completion.IsCompletedSuccessfully);
        Assert.Equal(0, second.RentedBatches);
        return true;

        bool IsDisturbed() => !staying.Lost.IsEmpty || !leaving.Lost.IsEmpty;
    }

    [Fact]
    public async Task A_revocation_waits_until_the_owner_has_saved_what_it_knows()
    {
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, 100);
        var save = new TaskCompletionSource();
        var owner = new ReadingOwner { BeforeGoodbye = _ => save.Task };
        var consumer = Start(topic, owner);
        await Eventually.IsTrue(() => owner.Total == 100);

        var goodbye = consumer.DisposeAsync().AsTask();
        await Eventually.IsTrue(() => owner.Partitions.Count == 1 && owner.Partition(0).Reader.Completion.IsCompleted);
        Assert.False(goodbye.IsCompleted);
        save.SetResult();
        await goodbye;

        Assert.Equal([0], owner.Revoked);
        Assert.Equal(100, kafka.Committed(topic, _group, 1)[0]);
    }

    [Fact]
    public async Task A_revocation_does_not_wait_for_ever()
    {
        var topic = await kafka.NewTopicAsync(2);
        await kafka.ProduceNumberedAsync(topic, 2, 100);
        var never = new TaskCompletionSource();
        var log = new RememberingLog();
        var owner = new ReadingOwner { BeforeGoodbye = partition => partition == 0 ? never.Task : Task.CompletedTask };
        var consumer = new PartitionedConsumer(
            kafka.Options with { RevokeTimeout = TimeSpan.FromMilliseconds(200) }, topic, _group, owner, TimeProvider.System, log);
        await Eventually.IsTrue(() => owner.Total == 200);
        var stuck = owner.Partition(0);

        await consumer.DisposeAsync();

        Assert.Equal([1], owner.Revoked);
        Assert.Contains(log.Lines, line => line.Contains("1 partition(s)", StringComparison.Ordinal));
        Assert.Equal(100, kafka.Committed(topic, _group, 2)[1]);
        Assert.True(stuck.IsRevoked);
        Assert.True(stuck.Rewind(0).Completion.IsCompleted);
    }

    [Fact]
    public async Task An_owner_that_fails_to_save_does_not_stop_the_rebalance()
    {
        var topic = await kafka.NewTopicAsync(2);
        await kafka.ProduceNumberedAsync(topic, 2, 10);
        var owner = new ReadingOwner
        {
            BeforeGoodbye = partition => partition == 0 ? throw new InvalidOperationException("no space left") : Task.CompletedTask,
        };
        var consumer = Start(topic, owner);
        await Eventually.IsTrue(() => owner.Total == 20);

        await consumer.DisposeAsync();

        Assert.True(consumer.Completion.IsCompletedSuccessfully);
        Assert.Equal([1], owner.Revoked);
    }

    [Fact]
    public async Task An_offset_stored_too_late_is_ignored_and_counted()
    {
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, 100);
        var owner = new ReadingOwner();
        var consumer = Start(topic, owner);
        await Eventually.IsTrue(() => owner.Total == 100);
        var partition = owner.Partition(0);
        await consumer.DisposeAsync();

        partition.StoreOffset(7);

        Assert.Equal(1, consumer.IgnoredStores);
        Assert.Equal(100, kafka.Committed(topic, _group, 1)[0]);
    }

    [Fact]
    public async Task What_the_group_took_away_is_lost_and_not_committed()
    {
        Assert.SkipWhen(kafka.Embedded is null, "Makes the broker forget the member.");
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, 100);
        var owner = new ReadingOwner();
        await using var consumer = Start(topic, owner);
        await Eventually.IsTrue(() => owner.Total == 100);
        var before = owner.Partition(0);

        kafka.Embedded.FailRequests(EmbeddedBroker.RequestKind.Heartbeat, Confluent.Kafka.ErrorCode.UnknownMemberId);

        await Eventually.IsTrue(() => owner.Lost.Count == 1);
        await Eventually.IsTrue(() => before.IsRevoked);
        before.StoreOffset(50);
        Assert.Empty(owner.Revoked);
        Assert.Equal(1, consumer.IgnoredStores);
        // The member joins anew.
        await Eventually.IsTrue(() => owner.Partitions.Count == 1 && owner.Partition(0) != before);
        await kafka.ProduceNumberedAsync(topic, 1, 1, from: 100);
        await Eventually.IsTrue(() => owner.Records(0)[^1].Offset == 100);
    }

    [Fact]
    public async Task An_owner_that_refuses_a_partition_ends_the_reading_with_its_reason()
    {
        var topic = await kafka.NewTopicAsync(1);
        var owner = new ReadingOwner { StartAt = _ => throw new InvalidOperationException("the checkpoint cannot be read") };
        await using var consumer = Start(topic, owner);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => consumer.Completion);

        Assert.Contains("checkpoint", failure.Message, StringComparison.Ordinal);
        Assert.Equal([0], owner.Lost);
    }

    [Fact]
    public async Task Leaving_does_not_need_a_broker()
    {
        using var broker = EmbeddedBroker.Start();
        var owner = new ReadingOwner();
        var options = kafka.Options with { BootstrapServers = broker.BootstrapServers, SessionTimeout = TimeSpan.FromSeconds(2) };
        broker.CreateTopic("calls", 1);
        await using var producer = new RecordProducer(options, NullLogger.Instance);
        await producer.AppendAsync("calls", 0, Some.Key(0, 0), Some.Value(0, 0), TestContext.Current.CancellationToken);
        var consumer = new PartitionedConsumer(options, "calls", _group, owner, TimeProvider.System, NullLogger.Instance);
        await Eventually.IsTrue(() => owner.Total == 1);
        broker.TakeDown(1);

        await consumer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal([0], owner.Revoked);
        Assert.True(consumer.Completion.IsCompletedSuccessfully);
    }

    private PartitionedConsumer Start(string topic, ReadingOwner owner, string? group = null) =>
        new(kafka.Options, topic, group ?? _group, owner, TimeProvider.System, NullLogger.Instance);
}
