using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Fills each partition's batch with what was polled, hands it to the partition's channel, and pauses the partition while that
/// channel is full. Owned by the polling thread of <see cref="PartitionedConsumer"/>; nobody else calls.
/// </summary>
internal sealed class BatchDelivery
{
    // A little longer than a full round of batches takes at full speed: only partitions with few records are affected.
    private static readonly TimeSpan _longestPending = TimeSpan.FromMilliseconds(20);

    private readonly KafkaOptions _options;
    private readonly string _topic;
    private readonly IConsumer<int, int> _client;
    private readonly PartitionAssignments _assignments;
    private readonly RecordBatchPool _pool;
    private readonly RecordScratch _scratch;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private PartitionFeed? _lastFeed;
    private long _now;
    private int _pausedFeeds;

    public BatchDelivery(
        KafkaOptions options, string topic, IConsumer<int, int> client, PartitionAssignments assignments, RecordBatchPool pool,
        RecordScratch scratch, TimeProvider time, ILogger log)
    {
        _options = options;
        _topic = topic;
        _client = client;
        _assignments = assignments;
        _pool = pool;
        _scratch = scratch;
        _time = time;
        _log = log;
        _now = time.GetTimestamp();
    }

    /// <summary>True while a partition waits for room in its channel, which nothing but looking finds out.</summary>
    public bool IsBlocked => _pausedFeeds > 0;

    public void Take(ConsumeResult<int, int> result)
    {
        var partition = result.Partition.Value;
        var feed = _lastFeed;
        if (feed is null || feed.Assigned.Partition != partition)
        {
            feed = _lastFeed = _assignments.Find(partition);
            if (feed is null)
            {
                // librdkafka still had it in its queue when the partition was revoked.
                return;
            }
        }

        var offset = result.Offset.Value;
        if (feed.ExpectedStart is { } expected)
        {
            CheckStart(feed, expected, offset);
        }

        if (result.IsPartitionEOF)
        {
            ReachEnd(feed, offset);
        }
        else
        {
            Add(feed, offset, result.Message);
        }
    }

    /// <summary>What has to be done now and then although records come in without a break.</summary>
    public void CatchUp()
    {
        _now = _time.GetTimestamp();
        if (_pausedFeeds > 0)
        {
            RetryPaused();
        }

        HandOverPending(_longestPending);
        foreach (var feed in _assignments.All)
        {
            if (feed.IsCaughtUp && _time.GetElapsedTime(feed.HandedOverAt, _now) >= _options.IdleTick)
            {
                HandOverTick(feed);
            }
        }
    }

    /// <summary>Nothing more is ready: nobody should wait for a batch to fill.</summary>
    public void HandOverAll() => HandOverPending(TimeSpan.Zero);

    /// <summary>
    /// Carries out the rewinds; false when one has to be tried again. Until its seek is done, a partition's records are of an older
    /// epoch and not delivered.
    /// </summary>
    public bool TrySeek()
    {
        var isDone = true;
        foreach (var feed in _assignments.All)
        {
            if (!feed.Assigned.IsSeekWanted(out var offset, out var epoch))
            {
                continue;
            }

            feed.DropPending();
            try
            {
                _client.Seek(new TopicPartitionOffset(_topic, feed.Assigned.Partition, offset));
            }
            catch (KafkaException)
            {
                // The partition has just been assigned and is not being fetched yet.
                isDone = false;
                continue;
            }

            if (feed.IsPaused)
            {
                Resume(feed);
            }

            feed.Epoch = epoch;
            feed.Position = offset;
            feed.ExpectedStart = offset;
            feed.IsCaughtUp = false;
            if (!feed.Assigned.SeekIsDone(epoch))
            {
                isDone = false;
            }

            KafkaLog.Rewound(_log, _topic, feed.Assigned.Partition, offset, epoch);
        }

        return isDone;
    }

    public void ForgetRevoked()
    {
        _lastFeed = null;
        _pausedFeeds = _assignments.All.Count(feed => feed.IsPaused);
    }

    private void Add(PartitionFeed feed, long offset, Message<int, int> message)
    {
        var keyAndValue = _scratch.KeyAndValue(message.Key, message.Value);
        var batch = feed.Pending;
        if (batch is not null && !feed.IsPaused
            && (batch.Count >= _options.MaxBatchRecords || batch.Bytes + keyAndValue.Length > _options.MaxBatchBytes))
        {
            HandOver(feed);
            batch = feed.Pending;
        }

        // A paused partition's pending batch grows beyond its limit by what librdkafka had already let go; that is little.
        batch ??= Begin(feed, offset);
        batch.Add(offset, message.Timestamp.UnixTimestampMs, keyAndValue, message.Key, message.Value);
        feed.IsCaughtUp = false;
    }

    private RecordBatch Begin(PartitionFeed feed, long offset)
    {
        feed.PendingSince = _now;
        return feed.Pending = _pool.Rent(feed.Assigned.Partition, feed.Epoch, offset);
    }

    private void ReachEnd(PartitionFeed feed, long offset)
    {
        feed.HighWatermark = offset;
        if (feed.Pending is not null)
        {
            HandOver(feed);
        }

        // An end further on than the last record: a transaction's marker, or records that were compacted away.
        var isNews = !feed.IsCaughtUp || offset > feed.Position;
        feed.Position = Math.Max(feed.Position, offset);
        feed.IsCaughtUp = feed.Pending is null;
        if (isNews && feed.IsCaughtUp)
        {
            HandOverTick(feed);
        }
    }

    private void CheckStart(PartitionFeed feed, long expected, long actual)
    {
        feed.ExpectedStart = null;
        if (actual != expected)
        {
            KafkaLog.BeganElsewhere(_log, _topic, feed.Assigned.Partition, expected, actual);
        }
    }

    /// <summary>Hands the pending batch over, or pauses the partition until there is room for it.</summary>
    private void HandOver(PartitionFeed feed)
    {
        var batch = feed.Pending!;
        var next = batch.NextOffset;
        feed.HighWatermark = Math.Max(feed.HighWatermark, HighWatermark(feed.Assigned.Partition));
        var isCaughtUp = feed.HighWatermark >= 0 && next >= feed.HighWatermark;
        batch.IsCaughtUp = isCaughtUp;
        // From here on the batch may be somebody else's.
        if (feed.Assigned.TryDeliver(batch))
        {
            feed.Pending = null;
            feed.Position = next;
            feed.IsCaughtUp = isCaughtUp;
            feed.HandedOverAt = _time.GetTimestamp();
        }
        else if (!feed.IsPaused)
        {
            Pause(feed);
        }
    }

    private void HandOverTick(PartitionFeed feed)
    {
        if (feed.Assigned.IsEmpty)
        {
            var tick = _pool.Rent(feed.Assigned.Partition, feed.Epoch, feed.Position);
            tick.IsCaughtUp = true;
            if (!feed.Assigned.TryDeliver(tick))
            {
                tick.Return();
            }
        }

        feed.HandedOverAt = _time.GetTimestamp();
    }

    private long HighWatermark(int partition) =>
        _client.GetWatermarkOffsets(new TopicPartition(_topic, partition)).High.Value;

    private void Pause(PartitionFeed feed)
    {
        _client.Pause([new TopicPartition(_topic, feed.Assigned.Partition)]);
        feed.IsPaused = true;
        _pausedFeeds++;
        KafkaLog.Paused(_log, _topic, feed.Assigned.Partition, feed.Position);
    }

    private void Resume(PartitionFeed feed)
    {
        _client.Resume([new TopicPartition(_topic, feed.Assigned.Partition)]);
        feed.IsPaused = false;
        _pausedFeeds--;
        KafkaLog.Resumed(_log, _topic, feed.Assigned.Partition, feed.Position);
    }

    private void HandOverPending(TimeSpan olderThan)
    {
        foreach (var feed in _assignments.All)
        {
            if (feed.Pending is not null && !feed.IsPaused
                && (olderThan == TimeSpan.Zero || _time.GetElapsedTime(feed.PendingSince, _now) > olderThan))
            {
                HandOver(feed);
            }
        }
    }

    private void RetryPaused()
    {
        foreach (var feed in _assignments.All)
        {
            if (feed.IsPaused && feed.Assigned.IsHalfEmpty)
            {
                if (feed.Pending is not null)
                {
                    HandOver(feed);
                }

                Resume(feed);
            }
        }
    }
}
