using System.Diagnostics;
using AgentSentinel.Service.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Kafka;

public sealed class PartitionedConsumerTests(KafkaCluster kafka) : IClassFixture<KafkaCluster>
{
    private readonly string _group = KafkaCluster.NewName("group");

    [Fact]
    public async Task All_records_of_eight_partitions_arrive_once_and_in_order()
    {
        const int partitions = 8, count = 2000;
        var topic = await kafka.NewTopicAsync(partitions);
        await kafka.ProduceNumberedAsync(topic, partitions, count / 2);
        var owner = new ReadingOwner();
        await using var consumer = Start(topic, owner);
        await kafka.ProduceNumberedAsync(topic, partitions, count / 2, from: count / 2);

        await Eventually.IsTrue(() => owner.Total >= partitions * count);

        for (var partition = 0; partition < partitions; partition++)
        {
            var records = owner.Records(partition);
            Assert.Equal(count, records.Length);
            for (var number = 0; number < count; number++)
            {
                Assert.Equal(number, records[number].Offset);
                Assert.Equal(Some.Key(partition, number), records[number].Key);
                Assert.Equal(Some.Value(partition, number), records[number].Value);
                Assert.Equal(Some.Timestamp(number), records[number].Timestamp);
            }
        }

        Assert.Empty(owner.Complaints);
        await Eventually.IsTrue(() => consumer.Lag.All(lag => lag is { IsCaughtUp: true, Position: count, HighWatermark: count, Records: 0 }));
        await Eventually.IsTrue(() => consumer.RentedBatches == 0);
    }

    [Fact]
    public async Task A_lone_record_is_handed_over_within_a_moment()
    {
        var topic = await kafka.NewTopicAsync(1);
        var owner = new ReadingOwner();
        await using var consumer = Start(topic, owner, kafka.Options with
        {
            // A mock cluster keeps a fetch waiting to its end, whatever is produced meanwhile; a real broker answers at once.
            ClientSettings = new() { ["fetch.wait.max.ms"] = "2" },
        });
        await Eventually.IsTrue(() => consumer.Lag.Any(lag => lag.IsCaughtUp));
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            await kafka.ProduceNumberedAsync(topic, 1, 1, from: i);
            var begun = Stopwatch.GetTimestamp();
            await Eventually.IsTrue(() => owner.Total == i + 1);
            waits.Add(Stopwatch.GetElapsedTime(begun));
        }

        // The median, and several times what it takes: the machine does other things too.
        var median = waits.Order().ElementAt(10);
        TestContext.Current.TestOutputHelper?.WriteLine($"median {median.TotalMilliseconds} ms");
        Assert.True(median < TimeSpan.FromMilliseconds(50), $"It took {median.TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task A_slow_reader_holds_up_its_partition_only_and_loses_nothing()
    {
        const int count = 3000;
        var topic = await kafka.NewTopicAsync(2);
        var open = new TaskCompletionSource();
        var owner = new ReadingOwner { BeforeEachBatch = partition => partition == 0 ? open.Task : Task.CompletedTask };
        await using var consumer = Start(topic, owner, kafka.Options with { ChannelBatches = 2, MaxBatchRecords = 100 });
        await kafka.ProduceNumberedAsync(topic, 2, count);

        await Eventually.IsTrue(() => consumer.Lag.Any(lag => lag is { Partition: 0, IsBlocked: true }));
        await Eventually.IsTrue(() => owner.Records(1).Length == count);
        Assert.Empty(owner.Records(0));
        await kafka.ProduceNumberedAsync(topic, 2, count, from: count);
        await Eventually.IsTrue(() => owner.Records(1).Length == 2 * count);

        open.SetResult();

        await Eventually.IsTrue(() => owner.Records(0).Length >= 2 * count);
        await Eventually.IsTrue(() => consumer.Lag.All(lag => !lag.IsBlocked));
        Assert.Equal(Enumerable.Range(0, 2 * count).Select(number => (long)number), owner.Records(0).Select(record => record.Offset));
        Assert.Equal(Some.Value(0, count), owner.Records(0)[count].Value);
    }

    [Fact]
    public async Task Reading_begins_where_the_owner_says()
    {
        var topic = await kafka.NewTopicAsync(2);
        await kafka.ProduceNumberedAsync(topic, 2, 100);
        var owner = new ReadingOwner { StartAt = partition => partition == 0 ? 60 : null };
        await using var consumer = Start(topic, owner);

        await Eventually.IsTrue(() => owner.Records(0).Length >= 40 && owner.Records(1).Length >= 100);

        Assert.Equal(60, owner.Records(0)[0].Offset);
        Assert.Equal(0, owner.Records(1)[0].Offset);
    }

    [Fact]
    public async Task A_start_that_no_longer_exists_begins_at_the_earliest_record_and_is_told()
    {
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, 10);
        var log = new RememberingLog();
        var owner = new ReadingOwner { StartAt = _ => 5000 };
        await using var consumer = new PartitionedConsumer(kafka.Options, topic, _group, owner, TimeProvider.System, log);

        await Eventually.IsTrue(() => owner.Total == 10);

        Assert.Contains(log.Lines, line => line.Contains("was to begin at 5000 but begins at 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rewind_replays_from_its_offset_in_a_new_epoch()
    {
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, 1000);
        var owner = new ReadingOwner();
        await using var consumer = Start(topic, owner);
        await Eventually.IsTrue(() => owner.Total == 1000);
        var partition = owner.Partition(0);
        var (old, oldEpoch) = (partition.Reader, partition.Epoch);

        owner.Read(partition, partition.Rewind(400));

        await Eventually.IsTrue(() => owner.Total >= 1600);
        Assert.True(old.Completion.IsCompleted);
        Assert.All(owner.Records(0)[..1000], record => Assert.Equal(oldEpoch, record.Epoch));
        var replayed = owner.Records(0)[1000..];
        Assert.Equal(Enumerable.Range(400, 600).Select(number => (long)number), replayed.Select(record => record.Offset));
        Assert.All(replayed, record => Assert.Equal(partition.Epoch, record.Epoch));
        Assert.True(partition.Epoch > oldEpoch);
    }

    [Fact]
    public async Task Rewinds_under_load_with_a_full_and_unread_channel_never_mix_epochs()
    {
        const int count = 20_000;
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, count);
        var isFailed = true;
        var never = new TaskCompletionSource();
        var owner = new ReadingOwner { BeforeEachBatch = _ => Volatile.Read(ref isFailed) ? never.Task : Task.CompletedTask };
        await using var consumer = Start(topic, owner, kafka.Options with { ChannelBatches = 2, MaxBatchRecords = 50 });
        await Eventually.IsTrue(() => consumer.Lag.Any(lag => lag.IsBlocked));
        var partition = owner.Partition(0);

        var reader = partition.Rewind(100);
        for (var i = 1; i <= 20; i++)
        {
            // Some of them while the seek of the one before is under way, some after records of it have come.
            if (i % 3 == 0)
            {
                await Eventually.IsTrue(() => reader.Count == 2);
            }

            reader = partition.Rewind(100 + i);
        }

        Volatile.Write(ref isFailed, false);
        owner.Read(partition, reader);
        await Eventually.IsTrue(() => owner.Total >= count - 120);

        Assert.Equal(Enumerable.Range(120, count - 120).Select(number => (long)number), owner.Records(0).Select(record => record.Offset));
        Assert.All(owner.Records(0), record => Assert.Equal(partition.Epoch, record.Epoch));
        never.SetResult();
        await Eventually.IsTrue(() => consumer.RentedBatches == 0);
    }

    [Fact]
    public async Task Each_of_many_rewinds_begins_exactly_at_its_offset()
    {
        const int count = 20_000;
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, count);
        var owner = new IdleOwner();
        await using var consumer = new PartitionedConsumer(
            kafka.Options with { ChannelBatches = 4, MaxBatchRecords = 20 }, topic, _group, owner, TimeProvider.System, NullLogger.Instance);
        await Eventually.IsTrue(() => owner.Assigned is not null);
        var partition = owner.Assigned!;
        var random = new Random(7);

        for (var rewind = 0; rewind < 300; rewind++)
        {
            long next = random.Next(count / 2);
            var reader = partition.Rewind(next);
            // Most of the rewinds come while the polling thread fills the channel of the one before.
            for (var batches = random.Next(8); batches > 0; batches--)
            {
                var batch = await reader.ReadAsync(TestContext.Current.CancellationToken);
                Assert.Equal(partition.Epoch, batch.Epoch);
                Assert.Equal(next, batch.Offset(0));
                next = batch.NextOffset;
                batch.Return();
            }
        }
    }

    [Fact]
    public async Task Ticks_come_only_while_there_is_nothing_to_read()
    {
        var topic = await kafka.NewTopicAsync(2);
        await kafka.ProduceNumberedAsync(topic, 1, 50);
        var time = new FakeTimeProvider();
        var mayRead = new TaskCompletionSource();
        var owner = new ReadingOwner { BeforeEachBatch = partition => partition == 0 ? mayRead.Task : Task.CompletedTask };
        await using var consumer = new PartitionedConsumer(kafka.Options, topic, _group, owner, time, NullLogger.Instance);

        // One as the end is reached, as there was no record to say so.
        await Eventually.IsTrue(() => owner.Ticks(1) == 1);
        await Eventually.IsTrue(() => consumer.Lag.All(lag => lag.IsCaughtUp));
        for (var ticks = 2; ticks < 5; ticks++)
        {
            time.Advance(kafka.Options.IdleTick);
            await Eventually.IsTrue(() => owner.Ticks(1) == ticks);
        }

        // Records wait in the channel of the other: its time is theirs.
        Assert.Equal(0, owner.Ticks(0));
        mayRead.SetResult();
        await Eventually.IsTrue(() => owner.Records(0).Length == 50);
        time.Advance(kafka.Options.IdleTick);
        await Eventually.IsTrue(() => owner.Ticks(0) == 1);
        Assert.Empty(owner.Complaints);
    }

    [Fact]
    public async Task Tombstones_empty_values_missing_keys_and_large_values_are_told_apart()
    {
        var topic = await kafka.NewTopicAsync(1);
        var large = new byte[1_000_000];
        new Random(1).NextBytes(large);
        var at = Some.Timestamp(0);
        await kafka.ProduceAsync(topic, [(0, [1], null, at), (0, [2], [], at), (0, null, [3], at), (0, [4], large, at), (0, [5], [6], at)]);
        var owner = new ReadingOwner();
        await using var consumer = Start(topic, owner);

        await Eventually.IsTrue(() => owner.Total == 5);

        var records = owner.Records(0);
        Assert.Equal([true, false, false, false, false], records.Select(record => record.IsTombstone));
        Assert.Empty(records[0].Value);
        Assert.Empty(records[1].Value);
        Assert.Empty(records[2].Key);
        Assert.Equal([3], records[2].Value);
        Assert.Equal(large, records[3].Value);
        Assert.Equal([4], records[3].Key);
        Assert.Equal([6], records[4].Value);
    }

    [Fact]
    public async Task A_batch_keeps_its_limits_and_a_larger_record_travels_alone()
    {
        var topic = await kafka.NewTopicAsync(1);
        int[] sizes = [400, 400, 400, 5000, 1, 1, 1, 1, 1, 1];
        await kafka.ProduceAsync(topic, sizes.Select(size => (0, (byte[]?)null, (byte[]?)new byte[size], Some.Timestamp(0))));
        var owner = new IdleOwner();
        await using var consumer = new PartitionedConsumer(
            kafka.Options with { MaxBatchRecords = 5, MaxBatchBytes = 1000 }, topic, _group, owner, TimeProvider.System, NullLogger.Instance);
        await Eventually.IsTrue(() => owner.Assigned is not null);
        var counts = new List<int>();
        var isCaughtUp = false;
        while (!isCaughtUp)
        {
            var batch = await owner.Assigned!.Reader.ReadAsync(TestContext.Current.CancellationToken);
            isCaughtUp = batch.IsCaughtUp;
            counts.Add(batch.Count);
            batch.Return();
        }

        Assert.Equal([2, 1, 1, 5, 1], counts);
    }

    [Fact]
    public async Task A_missing_topic_is_no_reason_to_stop()
    {
        var log = new RememberingLog();
        await using var consumer = new PartitionedConsumer(
            kafka.Options, KafkaCluster.NewName("missing"), _group, new ReadingOwner(), TimeProvider.System, log);

        await Eventually.IsTrue(() => log.Lines.Any(line => line.Contains("UnknownTopicOrPart", StringComparison.Ordinal)));

        Assert.False(consumer.Completion.IsCompleted);
        Assert.True(consumer.SinceLastPoll < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_broker_that_comes_back_is_read_again()
    {
        Assert.SkipWhen(kafka.Embedded is null, "Takes the broker down.");
        var topic = await kafka.NewTopicAsync(1);
        await kafka.ProduceNumberedAsync(topic, 1, 10);
        var owner = new ReadingOwner();
        await using var consumer = Start(topic, owner, kafka.Options with
        {
            ClientSettings = new() { ["heartbeat.interval.ms"] = "200", ["reconnect.backoff.max.ms"] = "200" },
        });
        await Eventually.IsTrue(() => owner.Total == 10);

        kafka.Embedded.TakeDown(1);
        await Eventually.IsTrue(() => consumer.SinceLastPoll < TimeSpan.FromSeconds(1));
        kafka.Embedded.BringUp(1);
        await kafka.ProduceNumberedAsync(topic, 1, 10, from: 10);

        await Eventually.IsTrue(() => owner.Total == 20);
        Assert.False(consumer.Completion.IsCompleted);
    }

    private PartitionedConsumer Start(string topic, ReadingOwner owner, KafkaOptions? options = null) =>
        new(options ?? kafka.Options, topic, _group, owner, TimeProvider.System, NullLogger.Instance);
}
