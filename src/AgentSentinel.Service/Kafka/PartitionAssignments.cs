using System.Collections.Immutable;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// The partitions this process holds, and what happens when they come and go. Changed by the polling thread only, inside the
/// client's rebalance callbacks: the group waits for them to return.
/// </summary>
internal sealed class PartitionAssignments
{
    // A commit needs the coordinator, which may be what has just died. librdkafka tries once more when the partition is unassigned.
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(5);

    private readonly KafkaOptions _options;
    private readonly string _topic;
    private readonly IPartitionOwner _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private PartitionFeed?[] _byPartition = [];

    public PartitionAssignments(KafkaOptions options, string topic, IPartitionOwner owner, TimeProvider time, ILogger log)
    {
        _options = options;
        _topic = topic;
        _owner = owner;
        _time = time;
        _log = log;
    }

    /// <summary>All feeds; replaced as a whole, so that any thread may go through it.</summary>
    public ImmutableArray<PartitionFeed> All { get; private set; } = [];

    /// <summary>The feed of a partition, or null when it is not ours. Made for every record, hence an array.</summary>
    public PartitionFeed? Find(int partition) => (uint)partition < (uint)_byPartition.Length ? _byPartition[partition] : null;

    /// <summary>Tells the owner of each partition, and the client where to begin.</summary>
    public List<TopicPartitionOffset> Assign(IReadOnlyList<TopicPartition> partitions, PartitionedConsumer consumer)
    {
        var starts = new List<TopicPartitionOffset>(partitions.Count);
        foreach (var partition in partitions)
        {
            var number = partition.Partition.Value;
            var assigned = new AssignedPartition(consumer, number, consumer.NextEpoch(), _options.ChannelBatches);
            var feed = new PartitionFeed(assigned, consumer.OpenQueue(number)) { HandedOverAt = _time.GetTimestamp() };
            Add(feed);
            // Asked last: should the owner throw, the feed is there to be told lost.
            var start = _owner.OnAssigned(assigned);
            feed.ExpectedStart = start;
            feed.Position = start ?? -1;
            starts.Add(new TopicPartitionOffset(partition, start is { } offset ? new Offset(offset) : Offset.Unset));
            KafkaLog.Assigned(_log, _topic, number, assigned.Epoch, start is { } known ? new Offset(known).ToString() : "the committed offset");
        }

        return starts;
    }

    /// <summary>
    /// Lets the owner drain and checkpoint all of the partitions at the same time, waits for it within limits, commits what was
    /// stored, and forgets the partitions. Never throws: a rebalance that fails leaves the group without an owner.
    /// </summary>
    public void Revoke(IReadOnlyList<TopicPartitionOffset> partitions, IConsumer<Ignore, Ignore> client)
    {
        var feeds = Remove(partitions);
        foreach (var feed in feeds)
        {
            feed.Assigned.Complete();
            feed.Dispose();
        }

        Drain(feeds);
        Commit(feeds, client);
        foreach (var feed in feeds)
        {
            feed.Assigned.Revoke();
            KafkaLog.Revoked(_log, _topic, feed.Assigned.Partition, feed.Assigned.Stored);
        }
    }

    /// <summary>The same of all that are held.</summary>
    public void RevokeAll(IConsumer<Ignore, Ignore> client) =>
        Revoke([.. All.Select(feed => new TopicPartitionOffset(_topic, feed.Assigned.Partition, Offset.Unset))], client);

    /// <summary>Tells the owner to discard: another member may be reading these partitions already.</summary>
    public void Lose(IReadOnlyList<TopicPartitionOffset> partitions) => Lose(Remove(partitions), null);

    /// <summary>Reading has failed: the readers of all channels see why.</summary>
    public void LoseAll(Exception reason)
    {
        var feeds = All;
        All = [];
        _byPartition = [];
        Lose(feeds, reason);
    }

    private void Lose(IReadOnlyList<PartitionFeed> feeds, Exception? reason)
    {
        foreach (var feed in feeds)
        {
            feed.Dispose();
            feed.Assigned.Revoke(reason);
        }

        // Only now, as an owner that throws must not leave native records behind: the client could not be closed.
        foreach (var feed in feeds)
        {
            KafkaLog.Lost(_log, _topic, feed.Assigned.Partition);
            _owner.OnLost(feed.Assigned.Partition);
        }
    }

    private void Drain(List<PartitionFeed> feeds)
    {
        // On the pool, as an owner may work for a while before its first await, and the others must not wait for that.
        var drains = feeds.ConvertAll(feed => Task.Run(() => _owner.OnRevokedAsync(feed.Assigned.Partition).AsTask()));
        if (!IsDoneWithin(Task.WhenAll(drains), _options.RevokeTimeout))
        {
            KafkaLog.RevokeTimedOut(_log, _topic, drains.Count(drain => !drain.IsCompleted), _options.RevokeTimeout);
        }

        for (var i = 0; i < feeds.Count; i++)
        {
            if (drains[i].IsFaulted)
            {
                KafkaLog.RevokeFailed(_log, drains[i].Exception?.InnerException, _topic, feeds[i].Assigned.Partition);
            }
        }
    }

    private void Commit(List<PartitionFeed> feeds, IConsumer<Ignore, Ignore> client)
    {
        var offsets = new List<TopicPartitionOffset>();
        foreach (var feed in feeds)
        {
            if (feed.Assigned.Stored is { } stored)
            {
                offsets.Add(new TopicPartitionOffset(_topic, feed.Assigned.Partition, stored));
            }
        }

        if (offsets.Count == 0)
        {
            return;
        }

        // The client's own commit waits without limit.
        var commit = Task.Run(() => client.Commit(offsets));
        if (!IsDoneWithin(commit, CommitTimeout))
        {
            KafkaLog.CommitFailed(_log, _topic, "no answer in time");
        }
        else if (commit.IsFaulted)
        {
            KafkaLog.CommitFailed(_log, _topic, commit.Exception.InnerException?.Message ?? commit.Exception.Message);
        }
    }

    /// <summary>
    /// Wall-clock time, not the injected one: what is limited here is how long the group waits for us. The polling thread has
    /// nothing else to do, as the client's callback is synchronous.
    /// </summary>
    internal static bool IsDoneWithin(Task task, TimeSpan limit) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne(limit);

    private void Add(PartitionFeed feed)
    {
        var partition = feed.Assigned.Partition;
        if (partition >= _byPartition.Length)
        {
            Array.Resize(ref _byPartition, partition + 1);
        }

        _byPartition[partition] = feed;
        All = All.Add(feed);
    }

    private List<PartitionFeed> Remove(IReadOnlyList<TopicPartitionOffset> partitions)
    {
        var removed = new List<PartitionFeed>(partitions.Count);
        foreach (var partition in partitions)
        {
            if (Find(partition.Partition.Value) is { } feed)
            {
                _byPartition[partition.Partition.Value] = null;
                All = All.Remove(feed);
                removed.Add(feed);
            }
        }

        return removed;
    }
}
