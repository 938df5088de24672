using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Pipelines;

/// <summary>
/// What a pipeline does with the records of one partition: decode, fold, effects, checkpoint. It holds the partition's memory
/// and owns its checkpoint file until it is disposed. One call at a time.
/// </summary>
internal interface IPartitionWorker : IAsyncDisposable
{
    /// <summary>Offset at which to go on: that of the checkpoint.</summary>
    long NextOffset { get; }

    /// <summary>Takes a batch. When the task ends, all that had to be appended has been acknowledged.</summary>
    /// <returns>The offset that has become durable, for the commit; null when no checkpoint was due.</returns>
    Task<long?> ProcessAsync(RecordBatch batch, CancellationToken cancellationToken);

    /// <summary>Writes a checkpoint of everything processed so far, at the end of a drained partition.</summary>
    long? Checkpoint();
}
