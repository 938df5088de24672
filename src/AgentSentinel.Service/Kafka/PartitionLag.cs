namespace AgentSentinel.Service.Kafka;

/// <summary>How far one partition has been read.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Position">Offset after the last record handed to the partition's channel; negative before the first.</param>
/// <param name="HighWatermark">Offset after the last record known to exist; negative while unknown. Stands still while nothing is fetched.</param>
/// <param name="IsCaughtUp">True when the end had been reached at last look.</param>
/// <param name="IsBlocked">True while the partition's channel is full: its pipeline is slower than Kafka.</param>
/// <param name="SinceLastBatch">Time since records or a tick were last handed over.</param>
internal readonly record struct PartitionLag(
    int Partition, long Position, long HighWatermark, bool IsCaughtUp, bool IsBlocked, TimeSpan SinceLastBatch)
{
    /// <summary>Records not yet handed over; 0 while unknown.</summary>
    public long Records => Position < 0 ? Math.Max(HighWatermark, 0) : Math.Max(HighWatermark - Position, 0);
}
