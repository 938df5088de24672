namespace AgentSentinel.Service.Kafka;

/// <summary>What the polling thread knows of one assigned partition. Owned by the polling thread; others read the volatile numbers.</summary>
internal sealed class PartitionFeed : IDisposable
{
    private long _position = -1;
    private long _highWatermark = -1;
    private long _handedOverAt;
    private bool _isCaughtUp;
    private bool _isBlocked;

    public PartitionFeed(AssignedPartition assigned, PartitionQueue queue)
    {
        Queue = queue;
        Assigned = assigned;
        Epoch = assigned.Epoch;
    }

    public AssignedPartition Assigned { get; }

    /// <summary>What librdkafka has fetched.</summary>
    public PartitionQueue Queue { get; }

    /// <summary>
    /// Epoch of the records now coming in. Behind <see cref="AssignedPartition.Epoch"/> from the moment of a rewind until its
    /// seek is done: what comes in between is stale and must not pass for the new epoch's.
    /// </summary>
    public int Epoch { get; set; }

    /// <summary>Where the first record of this epoch is expected; null once it was seen, or when Kafka chooses.</summary>
    public long? ExpectedStart { get; set; }

    public long Position
    {
        get => Volatile.Read(ref _position);
        set => Volatile.Write(ref _position, value);
    }

    public long HighWatermark
    {
        get => Volatile.Read(ref _highWatermark);
        set => Volatile.Write(ref _highWatermark, value);
    }

    /// <summary>Timestamp of the <see cref="TimeProvider"/> at the last hand-over.</summary>
    public long HandedOverAt
    {
        get => Volatile.Read(ref _handedOverAt);
        set => Volatile.Write(ref _handedOverAt, value);
    }

    public bool IsCaughtUp
    {
        get => Volatile.Read(ref _isCaughtUp);
        set => Volatile.Write(ref _isCaughtUp, value);
    }

    /// <summary>True while the channel is full.</summary>
    public bool IsBlocked
    {
        get => Volatile.Read(ref _isBlocked);
        set => Volatile.Write(ref _isBlocked, value);
    }

    public void Dispose() => Queue.Dispose();
}
