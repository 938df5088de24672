namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Runs a pipeline for each partition this process holds. <see cref="PartitionedConsumer"/> tells it what comes and goes;
/// calls for one partition never overlap.
/// </summary>
internal interface IPartitionOwner
{
    /// <summary>
    /// The partition is ours. Runs on the polling thread: keep it short. Returns the offset to begin at, or null for the
    /// group's committed offset (or the earliest when there is none).
    /// </summary>
    long? OnAssigned(AssignedPartition partition);

    /// <summary>
    /// The partition goes to another member, or this process stops. The partition's channel is complete; the owner reads what
    /// is left in it, writes its checkpoint and stores its offset. The rebalance waits for it, but not for ever.
    /// </summary>
    ValueTask OnRevokedAsync(int partition);

    /// <summary>The partition was taken away before we could say goodbye: another member may have it already. Discard.</summary>
    void OnLost(int partition);
}
