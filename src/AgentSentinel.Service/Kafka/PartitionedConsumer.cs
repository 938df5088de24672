using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Reads one topic as a member of a consumer group: one thread polls, each assigned partition has one bounded channel of
/// batches. A full channel pauses its partition and no other; polling never stops, so the group never takes a slow member
/// for a dead one. Step 1 of the line.
/// </summary>
internal sealed class PartitionedConsumer : IAsyncDisposable
{
    // Often enough that a rewind and the end of the process are not kept waiting, seldom enough to cost nothing.
    private static readonly TimeSpan _idleWait = TimeSpan.FromMilliseconds(50);
    // Nothing wakes librdkafka when a channel has room again, so somebody has to look.
    private static readonly TimeSpan _blockedWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _repeatedErrorSilence = TimeSpan.FromSeconds(30);
    // A little longer than a full round of batches takes at full speed: only partitions with few records are affected.
    private static readonly TimeSpan _longestPending = TimeSpan.FromMilliseconds(20);
    private const int RecordsBetweenChores = 256;
    private const int PooledBatches = 256;

    private readonly KafkaOptions _options;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PartitionAssignments _assignments;
    private readonly RecordBatchPool _pool;
    private readonly RecordScratch _scratch = new();
    private readonly IConsumer<int, int> _consumer;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly Dictionary<ErrorCode, long> _errorsLoggedAt = [];

    private PartitionFeed? _lastFeed;
    private int _blockedFeeds;
    private volatile bool _areSeeksWanted;
    private volatile bool _isStopping;
    private volatile Error? _fatalError;
    private int _epochs;
    private long _polledAt;
    private long _ignoredStores;

    /// <summary>Begins to read at once. Constructed, started and disposed by the pipeline host.</summary>
    public PartitionedConsumer(KafkaOptions options, string topic, string groupId, IPartitionOwner owner, TimeProvider time, ILogger log)
    {
        _options = options;
        _topic = topic;
        _time = time;
        _log = log;
        _assignments = new PartitionAssignments(options, topic, owner, time, log);
        _pool = new RecordBatchPool(PooledBatches, options.MaxBatchBytes);
        _polledAt = time.GetTimestamp();
        _consumer = new ConsumerBuilder<int, int>(KafkaClientSettings.ForConsumer(options, groupId))
            .SetKeyDeserializer(_scratch)
            .SetValueDeserializer(_scratch)
            .SetPartitionsAssignedHandler((_, partitions) => _assignments.Assign(partitions, this))
            .SetPartitionsRevokedHandler((client, partitions) =>
            {
                _assignments.Revoke(partitions, client);
                ForgetFeeds();
            })
            .SetPartitionsLostHandler((client, partitions) =>
            {
                _assignments.Lose(partitions, client);
                ForgetFeeds();
            })
            .SetErrorHandler((_, error) => OnClientError(error))
            .SetLogHandler((_, message) => KafkaLog.FromLibrary(_log, message))
            .Build();
        _thread = new Thread(Run) { IsBackground = true, Name = $"kafka {topic}" };
        _thread.Start();
    }

    /// <summary>Ends when the consumer was disposed; faults with a <see cref="KafkaException"/> when reading cannot go on.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Time since the polling thread last went round: grows only while it hangs. For the watchdog.</summary>
    public TimeSpan SinceLastPoll => _time.GetElapsedTime(Volatile.Read(ref _polledAt));

    /// <summary>Offsets stored for partitions that were no longer ours.</summary>
    public long IgnoredStores => Interlocked.Read(ref _ignoredStores);

    /// <summary>Batches handed out and not yet returned, those in the channels included.</summary>
    internal int RentedBatches => _pool.Rented;

    /// <summary>Where each of our partitions stands. Any thread; costs an array.</summary>
    public IReadOnlyCollection<PartitionLag> Lag
    {
        get
        {
            var feeds = _assignments.All;
            var lags = new PartitionLag[feeds.Length];
            for (var i = 0; i < lags.Length; i++)
            {
                var feed = feeds[i];
                lags[i] = new PartitionLag(
                    feed.Assigned.Partition, feed.Position, Math.Max(feed.HighWatermark, feed.Position), feed.IsCaughtUp,
                    feed.IsPaused, _time.GetElapsedTime(feed.HandedOverAt));
            }

            return lags;
        }
    }

    /// <summary>Gives all partitions back in order (their owner drains, checkpoints and stores), commits, and leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        // The reason of a failure is told by Completion; here only its end matters.
        await _completion.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal int NextEpoch() => Interlocked.Increment(ref _epochs);

    internal void RequestSeeks() => _areSeeksWanted = true;

    internal void CountIgnoredStore() => Interlocked.Increment(ref _ignoredStores);

    internal bool TryStoreOffset(int partition, long nextOffset)
    {
        try
        {
            _consumer.StoreOffset(new TopicPartitionOffset(_topic, partition, nextOffset));
            return true;
        }
        catch (KafkaException)
        {
            // Lost, though we have not been told yet.
            return false;
        }
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            _consumer.Subscribe(_topic);
            while (!_isStopping)
            {
                PollReadyRecords();
                if (_fatalError is { } error)
                {
                    throw new KafkaException(error);
                }
            }
        }
        // The end of a thread: what is not caught here ends the process. Everything goes to Completion.
        catch (Exception exception)
        {
            failure = exception;
            KafkaLog.ReadingEnded(_log, exception, _topic);
            _assignments.LoseAll(exception);
            ForgetFeeds();
        }

        Leave();
        if (failure is null)
        {
            _completion.SetResult();
        }
        else
        {
            _completion.SetException(failure);
        }
    }

    /// <summary>Closing revokes what we hold, with all that belongs to it, and tells the group at once.</summary>
    private void Leave()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            // The group will notice by our missing heartbeats.
            KafkaLog.ConsumeFailed(_log, _topic, exception.Error.Code, exception.Error.Reason);
            _consumer.Dispose();
        }
    }

    private void ForgetFeeds()
    {
        _lastFeed = null;
        _blockedFeeds = _assignments.All.Count(feed => feed.IsPaused);
    }

    /// <summary>Takes what is ready without waiting; when nothing is, hands over what there is and waits for more.</summary>
    private void PollReadyRecords()
    {
        Volatile.Write(ref _polledAt, _time.GetTimestamp());
        if (_areSeeksWanted)
        {
            Seek();
        }

        if (_blockedFeeds > 0)
        {
            RetryBlocked();
        }

        // While records come in without a break, partitions with few of them must not wait for those with many.
        HandOverPending(_longestPending);
        Tick();
        for (var i = 0; i < RecordsBetweenChores; i++)
        {
            var result = Consume(TimeSpan.Zero);
            if (result is null)
            {
                HandOverPending(TimeSpan.Zero);
                result = Consume(_blockedFeeds > 0 || _areSeeksWanted ? _blockedWait : _idleWait);
                if (result is null)
                {
                    return;
                }
            }

            Take(result);
        }
    }

    private ConsumeResult<int, int>? Consume(TimeSpan timeout)
    {
        try
        {
            return _consumer.Consume(timeout);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            LogConsumeError(exception.Error);
            return null;
        }
    }

    private void Take(ConsumeResult<int, int> result)
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
        feed.PendingSince = _polledAt;
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

    private void HandOverPending(TimeSpan olderThan)
    {
        foreach (var feed in _assignments.All)
        {
            if (feed.Pending is not null && !feed.IsPaused
                && (olderThan == TimeSpan.Zero || _time.GetElapsedTime(feed.PendingSince, _polledAt) > olderThan))
            {
                HandOver(feed);
            }
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

    private void Tick()
    {
        foreach (var feed in _assignments.All)
        {
            if (feed.IsCaughtUp && _time.GetElapsedTime(feed.HandedOverAt) >= _options.IdleTick)
            {
                HandOverTick(feed);
            }
        }
    }

    private long HighWatermark(int partition) =>
        _consumer.GetWatermarkOffsets(new TopicPartition(_topic, partition)).High.Value;

    private void Pause(PartitionFeed feed)
    {
        _consumer.Pause([new TopicPartition(_topic, feed.Assigned.Partition)]);
        feed.IsPaused = true;
        _blockedFeeds++;
        KafkaLog.Paused(_log, _topic, feed.Assigned.Partition, feed.Position);
    }

    private void Resume(PartitionFeed feed)
    {
        _consumer.Resume([new TopicPartition(_topic, feed.Assigned.Partition)]);
        feed.IsPaused = false;
        _blockedFeeds--;
        KafkaLog.Resumed(_log, _topic, feed.Assigned.Partition, feed.Position);
    }

    private void RetryBlocked()
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

    /// <summary>Carries out the rewinds. Until its seek is done, a partition's records are of an older epoch and not delivered.</summary>
    private void Seek()
    {
        _areSeeksWanted = false;
        foreach (var feed in _assignments.All)
        {
            if (!feed.Assigned.IsSeekWanted(out var offset, out var epoch))
            {
                continue;
            }

            feed.DropPending();
            try
            {
                _consumer.Seek(new TopicPartitionOffset(_topic, feed.Assigned.Partition, offset));
            }
            catch (KafkaException)
            {
                // The partition has just been assigned and is not being fetched yet.
                _areSeeksWanted = true;
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
                _areSeeksWanted = true;
            }

            KafkaLog.Rewound(_log, _topic, feed.Assigned.Partition, offset, epoch);
        }
    }

    private void OnClientError(Error error)
    {
        if (error.IsFatal)
        {
            _fatalError = error;
        }

        KafkaLog.ClientError(_log, error.Code, error.Reason);
    }

    /// <summary>A missing topic answers with an error at every poll of its metadata: once in a while is enough to be told.</summary>
    private void LogConsumeError(Error error)
    {
        var now = _time.GetTimestamp();
        if (!_errorsLoggedAt.TryGetValue(error.Code, out var loggedAt) || _time.GetElapsedTime(loggedAt, now) > _repeatedErrorSilence)
        {
            _errorsLoggedAt[error.Code] = now;
            KafkaLog.ConsumeFailed(_log, _topic, error.Code, error.Reason);
        }
    }
}
