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
    private const int RecordsBetweenChores = 256;
    private const int PooledBatches = 256;

    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PartitionAssignments _assignments;
    private readonly BatchDelivery _delivery;
    private readonly RecordBatchPool _pool;
    private readonly RecordScratch _scratch = new();
    private readonly IConsumer<int, int> _consumer;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly Dictionary<ErrorCode, long> _errorsLoggedAt = [];

    private volatile bool _areSeeksWanted;
    private volatile bool _isStopping;
    private volatile Error? _fatalError;
    private int _epochs;
    private long _polledAt;
    private long _ignoredStores;

    /// <summary>Begins to read at once. Constructed, started and disposed by the pipeline host.</summary>
    public PartitionedConsumer(KafkaOptions options, string topic, string groupId, IPartitionOwner owner, TimeProvider time, ILogger log)
    {
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
            .SetPartitionsRevokedHandler((_, partitions) => Revoke(partitions))
            .SetPartitionsLostHandler((_, partitions) => Lose(partitions))
            .SetErrorHandler((_, error) => OnClientError(error))
            .SetLogHandler((_, message) => KafkaLog.FromLibrary(_log, message))
            .Build();
        _delivery = new BatchDelivery(options, topic, _consumer, _assignments, _pool, _scratch, time, log);
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
        // A thread's end: whatever is not caught here ends the process. Everything goes to Completion instead.
        catch (Exception exception)
        {
            failure = exception;
            KafkaLog.ReadingEnded(_log, exception, _topic);
        }

        try
        {
            Leave(failure);
        }
        // An owner that throws while it is told goodbye; the first failure is the one that counts.
        catch (Exception exception)
        {
            failure ??= exception;
            KafkaLog.ReadingEnded(_log, exception, _topic);
        }

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
    private void Leave(Exception? failure)
    {
        try
        {
            if (failure is not null)
            {
                _assignments.LoseAll(failure);
            }

            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            // The group will notice by our missing heartbeats.
            KafkaLog.ConsumeFailed(_log, _topic, exception.Error.Code, exception.Error.Reason);
        }
        finally
        {
            _consumer.Dispose();
        }
    }

    private void Revoke(List<TopicPartitionOffset> partitions)
    {
        _assignments.Revoke(partitions, _consumer);
        _delivery.ForgetRevoked();
    }

    private void Lose(List<TopicPartitionOffset> partitions)
    {
        _assignments.Lose(partitions, _consumer);
        _delivery.ForgetRevoked();
    }

    /// <summary>Takes what is ready without waiting; when nothing is, hands over what there is and waits for more.</summary>
    private void PollReadyRecords()
    {
        Volatile.Write(ref _polledAt, _time.GetTimestamp());
        if (_areSeeksWanted)
        {
            _areSeeksWanted = false;
            if (!_delivery.TrySeek())
            {
                _areSeeksWanted = true;
            }
        }

        _delivery.CatchUp();
        for (var i = 0; i < RecordsBetweenChores; i++)
        {
            var result = Consume(TimeSpan.Zero);
            if (result is null)
            {
                _delivery.HandOverAll();
                result = Consume(_delivery.IsBlocked || _areSeeksWanted ? _blockedWait : _idleWait);
                if (result is not null)
                {
                    _delivery.Take(result);
                }

                // Time has passed, so the chores are due whatever has come.
                return;
            }

            _delivery.Take(result);
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
