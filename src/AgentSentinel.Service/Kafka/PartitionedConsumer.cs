using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Reads one topic as a member of a consumer group: one thread polls, each assigned partition has one bounded channel of
/// batches. A full channel holds up its own partition and no other; polling never stops, so the group never takes a slow member
/// for a dead one. Step 1 of the line.
/// </summary>
internal sealed class PartitionedConsumer : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    // Often enough that rebalances, rewinds and the end of the process are not kept waiting, seldom enough to cost nothing.
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(20);
    // A seek that was refused is tried again soon: the partition's first fetch is on its way.
    private static readonly TimeSpan SeekWait = TimeSpan.FromMilliseconds(2);
    private const int PooledBatches = 256;

    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PartitionAssignments _assignments;
    private readonly BatchDelivery _delivery;
    private readonly RecordBatchPool _pool;
    private readonly RepeatedErrors _errors;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _wake = new(false);
    // A field, as librdkafka keeps the pointer.
    private readonly PartitionQueueLibrary.EventCallback _onFilled;
    private readonly int _readAhead;
    private readonly bool _readsOrigin;
    private readonly nint _nativeHandle;
    private readonly Thread _thread;

    private volatile bool _areSeeksWanted;
    private volatile bool _isStopping;
    private volatile Error? _fatalError;
    private int _epochs;
    private long _polledAt;
    private long _ignoredStores;

    /// <summary>Begins to read at once. Constructed, started and disposed by the pipeline host.</summary>
    /// <param name="options">Kafka options.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="groupId">The consumer group.</param>
    /// <param name="owner">Gets the partitions.</param>
    /// <param name="time">Processing time.</param>
    /// <param name="log">Log.</param>
    /// <param name="readsOrigin">Whether batches carry the headers that say who wrote a record.</param>
    public PartitionedConsumer(KafkaOptions options, string topic, string groupId, IPartitionOwner owner, TimeProvider time, ILogger log, bool readsOrigin = false)
    {
        _readsOrigin = readsOrigin;
        _topic = topic;
        _time = time;
        _log = log;
        _assignments = new PartitionAssignments(options, topic, owner, time, log);
        _pool = new RecordBatchPool(PooledBatches, options.MaxBatchBytes, OnReturned);
        _errors = new RepeatedErrors(topic, time, log);
        _polledAt = time.GetTimestamp();
        _consumer = new ConsumerBuilder<Ignore, Ignore>(KafkaClientSettings.ForConsumer(options, groupId))
            .SetPartitionsAssignedHandler((_, partitions) => _assignments.Assign(partitions, this))
            .SetPartitionsRevokedHandler((_, partitions) => _assignments.Revoke(partitions, _consumer!))
            .SetPartitionsLostHandler((_, partitions) => _assignments.Lose(partitions))
            .SetErrorHandler((_, error) => OnClientError(error))
            .SetLogHandler((_, message) => KafkaLog.FromLibrary(_log, message))
            .Build();
        _nativeHandle = PartitionQueueLibrary.NativeHandleOf(_consumer);
        _onFilled = (_, _) => _wake.Set();
        _readAhead = options.MaxBatchRecords;
        _delivery = new BatchDelivery(options, topic, _consumer, _assignments, _pool, time, _errors, log);
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
                    feed.IsBlocked, _time.GetElapsedTime(feed.HandedOverAt));
            }

            return lags;
        }
    }

    /// <summary>Gives all partitions back in order (their owner drains, checkpoints and stores), commits, and leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _wake.Set();
        // The reason of a failure is told by Completion; here only its end matters.
        await _completion.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal PartitionQueue OpenQueue(int partition) => new(_nativeHandle, _topic, partition, _readAhead, _onFilled, _readsOrigin);

    internal int NextEpoch() => Interlocked.Increment(ref _epochs);

    internal void RequestSeeks()
    {
        _areSeeksWanted = true;
        _wake.Set();
    }

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
                PollOnce();
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

    /// <summary>Gives back what we hold, with all that belongs to it, and tells the group at once.</summary>
    private void Leave(Exception? failure)
    {
        try
        {
            if (failure is null)
            {
                _assignments.RevokeAll(_consumer);
            }
            else
            {
                _assignments.LoseAll(failure);
            }
        }
        finally
        {
            // With its brokers gone the client now and then closes never. The group will notice by our missing heartbeats.
            var closing = Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            if (!PartitionAssignments.IsDoneWithin(closing, CloseTimeout))
            {
                KafkaLog.CloseTimedOut(_log, _topic, CloseTimeout);
            }
            else if (closing.Exception?.InnerException is { } exception)
            {
                KafkaLog.CloseFailed(_log, exception, _topic);
            }
        }
    }

    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            KafkaLog.ConsumeFailed(_log, _topic, exception.Error.Code, exception.Error.Reason);
        }
        finally
        {
            _consumer.Dispose();
        }
    }

    private void PollOnce()
    {
        Volatile.Write(ref _polledAt, _time.GetTimestamp());
        ServeGroup();
        if (_areSeeksWanted)
        {
            _areSeeksWanted = false;
            if (!_delivery.TrySeek())
            {
                _areSeeksWanted = true;
            }
        }

        if (!_delivery.DeliverReady())
        {
            _wake.WaitOne(_areSeeksWanted ? SeekWait : IdleWait);
        }
    }

    /// <summary>
    /// The client's own queue: rebalances and errors. Records come through the partitions' queues and never here; should a newer
    /// librdkafka change that, it must not pass unseen, as they would be lost.
    /// </summary>
    private void ServeGroup()
    {
        try
        {
            if (_consumer.Consume(0) is { IsPartitionEOF: false })
            {
                throw new InvalidOperationException("A record came through the wrong queue.");
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            _errors.Log(exception.Error);
        }
    }

    /// <summary>
    /// A full channel has room again, most likely. The polling thread may miss it between looking and waiting; then it finds out at
    /// the end of its wait.
    /// </summary>
    private void OnReturned()
    {
        if (_delivery.IsBlocked)
        {
            _wake.Set();
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
}
