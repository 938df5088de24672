using AgentSentinel.Service.Kafka;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Pipelines;

/// <summary>
/// The graph of one partition: batches from its channel, one after the other through its <see cref="IPartitionWorker"/>, then the commit.
/// When a stage fails, the partition is rewound to its checkpoint and goes on from there after a pause that grows.
/// </summary>
internal sealed partial class PartitionPipeline
{
    private readonly string _topic;
    private readonly AssignedPartition _partition;
    private readonly Func<int, IPartitionWorker> _open;
    private readonly SentinelMeters _meters;
    private readonly ILogger _log;
    private readonly SharedKillSwitch _kill;
    private IPartitionWorker? _worker;
    private Task _inFlight = Task.CompletedTask;
    private bool _isFirst = true;
    private volatile bool _isFailing;

    public PartitionPipeline(string topic, AssignedPartition partition, Func<int, IPartitionWorker> open, SentinelMeters meters, ILogger log)
    {
        _topic = topic;
        _partition = partition;
        _open = open;
        _meters = meters;
        _log = log;
        _kill = KillSwitches.Shared($"{topic}-{partition.Partition}");
    }

    /// <summary>Ends when the partition was drained, or faults when it was aborted.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>True between a failure and the next batch that went through.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Takes ownership of the partition's memory and tells where to begin reading.</summary>
    public long Begin()
    {
        _worker = _open(_partition.Partition);
        return _worker.NextOffset;
    }

    /// <summary>Runs the graph. <see cref="Begin"/> must have been called, or have failed: then the graph tries again.</summary>
    public void Run(IMaterializer materializer, RestartSettings restarts) => Completion = RestartSource
        .OnFailuresWithBackoff(Batches, restarts)
        .Via(_kill.Flow<Done>())
        .RunWith(Sink.Ignore<Done>(), materializer)
        .ContinueWith(FinishAsync, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
        .Unwrap();

    /// <summary>Stops at once: nothing is saved, nothing is committed.</summary>
    public void Abort() => _kill.Abort(new PartitionAbortedException(_topic, _partition.Partition));

    private Source<Done, NotUsed> Batches()
    {
        if (_partition.IsRevoked)
        {
            // Revoked between two tries: opening its memory now would take it from its new owner.
            return Source.Empty<Done>();
        }

        var reader = _partition.Reader;
        if (!_isFirst || _worker is null)
        {
            _isFailing = true;
            _meters.PipelineRestarted(_topic);
            try
            {
                _worker ??= _open(_partition.Partition);
            }
            catch (Exception error)
            {
                // Thrown from here it would end the graph for good; as a failed source it is one more reason to try again later.
                MemoryUnavailable(_log, _topic, _partition.Partition, error);
                return Source.Failed<Done>(error);
            }

            reader = _partition.Rewind(_worker.NextOffset);
        }

        _isFirst = false;
        var worker = _worker;
        return ChannelSource.FromReader(reader).SelectAsync(1, batch =>
        {
            var pass = PassAsync(worker, batch);
            _inFlight = pass;
            return pass;
        });
    }

    /// <summary>One batch, from its records to the commit. The commit follows the checkpoint and never leads.</summary>
    private async Task<Done> PassAsync(IPartitionWorker worker, RecordBatch batch)
    {
        try
        {
            if (await worker.ProcessAsync(batch, CancellationToken.None) is { } durable)
            {
                _partition.StoreOffset(durable);
            }

            _isFailing = false;
            return Done.Instance;
        }
        catch (Exception error)
        {
            // Logged here because the restart swallows it; counted when the restart happens.
            BatchFailed(_log, _topic, _partition.Partition, error);
            await ReleaseAsync();
            throw;
        }
        finally
        {
            batch.Return();
        }
    }

    private async Task FinishAsync(Task<Done> stream)
    {
        // An aborted stream does not wait for the batch it was working on.
        await _inFlight.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (stream.IsCompletedSuccessfully && _worker?.Checkpoint() is { } durable)
            {
                _partition.StoreOffset(durable);
            }
        }
        catch (Exception error)
        {
            // What was not saved is replayed by the partition's next owner.
            LastCheckpointFailed(_log, _topic, _partition.Partition, error);
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task ReleaseAsync()
    {
        if (_worker is { } worker)
        {
            _worker = null;
            await worker.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {Topic}/{Partition} failed; the partition is rewound to its checkpoint.")]
    private static partial void BatchFailed(ILogger log, string topic, int partition, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The memory of {Topic}/{Partition} cannot be opened; trying again.")]
    private static partial void MemoryUnavailable(ILogger log, string topic, int partition, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The last checkpoint of {Topic}/{Partition} failed; its next owner replays what it would have covered.")]
    private static partial void LastCheckpointFailed(ILogger log, string topic, int partition, Exception error);
}
