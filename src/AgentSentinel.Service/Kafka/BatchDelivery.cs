using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Takes what librdkafka has fetched for each partition, in batches, to the partition's channel. Owned by the polling thread of
/// <see cref="PartitionedConsumer"/>; nobody else calls.
/// </summary>
internal sealed class BatchDelivery
{
    private readonly KafkaOptions _options;
    private readonly string _topic;
    private readonly IConsumer<Ignore, Ignore> _client;
    private readonly PartitionAssignments _assignments;
    private readonly RecordBatchPool _pool;
    private readonly TimeProvider _time;
    private readonly RepeatedErrors _errors;
    private readonly ILogger _log;
    private volatile bool _isBlocked;

    public BatchDelivery(
        KafkaOptions options, string topic, IConsumer<Ignore, Ignore> client, PartitionAssignments assignments, RecordBatchPool pool,
        TimeProvider time, RepeatedErrors errors, ILogger log)
    {
        _options = options;
        _topic = topic;
        _client = client;
        _assignments = assignments;
        _pool = pool;
        _time = time;
        _errors = errors;
        _log = log;
    }

    /// <summary>True while a partition waits for room in its channel. Any thread may look.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>At most one batch for each partition that has room, so that none waits for another; false when there was nothing.</summary>
    public bool DeliverReady()
    {
        var hasDelivered = false;
        var isBlocked = false;
        foreach (var feed in _assignments.All)
        {
            feed.IsBlocked = !feed.Assigned.HasRoom;
            if (feed.IsBlocked)
            {
                isBlocked = _isBlocked = true;
            }
            else
            {
                hasDelivered |= TryDeliver(feed);
            }
        }

        _isBlocked = isBlocked;
        return hasDelivered;
    }

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

            feed.Queue.ReleaseAll();
            try
            {
                // Returns when librdkafka has raised the partition's version: whatever it fetched before is dropped there.
                _client.Seek(new TopicPartitionOffset(_topic, feed.Assigned.Partition, offset));
            }
            catch (KafkaException)
            {
                // The partition has just been assigned and is not being fetched yet.
                isDone = false;
                continue;
            }

            feed.Epoch = epoch;
            feed.Position = offset;
            feed.ExpectedStart = offset;
            feed.IsCaughtUp = false;
            isDone &= feed.Assigned.SeekIsDone(epoch);
            KafkaLog.Rewound(_log, _topic, feed.Assigned.Partition, offset, epoch);
        }

        return isDone;
    }

    private bool TryDeliver(PartitionFeed feed)
    {
        RecordBatch? batch = null;
        var queue = feed.Queue;
        var isAtEnd = false;
        while (!isAtEnd && queue.MoveNext())
        {
            switch (queue.Error)
            {
                case ErrorCode.NoError:
                    if (batch is not null && IsFull(batch, queue.Bytes))
                    {
                        Deliver(feed, batch, isAtEnd: false);
                        return true;
                    }

                    batch ??= _pool.Rent(feed.Assigned.Partition, feed.Epoch, queue.Offset);
                    CheckStart(feed, queue.Offset);
                    queue.CopyTo(batch);
                    break;
                case ErrorCode.Local_PartitionEOF:
                    CheckStart(feed, queue.Offset);
                    isAtEnd = true;
                    ReachEnd(feed, batch, queue.Offset);
                    break;
                default:
                    _errors.Log(new Error(queue.Error));
                    break;
            }

            queue.Release();
        }

        if (batch is not null)
        {
            Deliver(feed, batch, isAtEnd);
            return true;
        }

        // A partition that is behind has records, or will have as soon as they are fetched: only the end of it ticks.
        if (isAtEnd || IsTickDue(feed))
        {
            Tick(feed, isAtEnd);
        }

        return isAtEnd;
    }

    private bool IsFull(RecordBatch batch, int moreBytes) =>
        batch.Count >= _options.MaxBatchRecords || batch.Bytes + moreBytes > _options.MaxBatchBytes;

    private void Deliver(PartitionFeed feed, RecordBatch batch, bool isAtEnd)
    {
        var position = isAtEnd ? feed.HighWatermark : batch.NextOffset;
        if (!isAtEnd)
        {
            // librdkafka's memory of the last fetch; the end itself is told only by the next fetch that finds nothing.
            feed.HighWatermark = _client.GetWatermarkOffsets(new TopicPartition(_topic, feed.Assigned.Partition)).High.Value;
        }

        var isCaughtUp = feed.HighWatermark >= 0 && position >= feed.HighWatermark && !feed.Queue.HasTaken;
        batch.IsCaughtUp = isCaughtUp;
        feed.Position = position;
        feed.IsCaughtUp = isCaughtUp;
        feed.HandedOverAt = _time.GetTimestamp();
        // From here on the batch is its reader's.
        feed.Assigned.Deliver(batch);
    }

    /// <summary>The end may lie further on than the last record: a transaction's marker, or records that were compacted away.</summary>
    private static void ReachEnd(PartitionFeed feed, RecordBatch? batch, long offset) =>
        feed.HighWatermark = Math.Max(offset, batch?.NextOffset ?? offset);

    private void CheckStart(PartitionFeed feed, long actual)
    {
        if (feed.ExpectedStart is { } expected)
        {
            feed.ExpectedStart = null;
            if (actual != expected)
            {
                KafkaLog.BeganElsewhere(_log, _topic, feed.Assigned.Partition, expected, actual);
            }
        }
    }

    private bool IsTickDue(PartitionFeed feed) =>
        feed.IsCaughtUp && _time.GetElapsedTime(feed.HandedOverAt) >= _options.IdleTick;

    private void Tick(PartitionFeed feed, bool isAtEnd)
    {
        if (isAtEnd)
        {
            if (feed.IsCaughtUp && feed.Position >= feed.HighWatermark)
            {
                // Said before, with the last batch.
                return;
            }

            feed.Position = Math.Max(feed.Position, feed.HighWatermark);
            feed.IsCaughtUp = true;
        }

        if (feed.Assigned.IsEmpty)
        {
            var tick = _pool.Rent(feed.Assigned.Partition, feed.Epoch, feed.Position);
            tick.IsCaughtUp = true;
            feed.Assigned.Deliver(tick);
        }

        feed.HandedOverAt = _time.GetTimestamp();
    }
}
