using System.Collections.Concurrent;
using System.Threading.Channels;
using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>An owner that reads every partition's channel, keeps what came, and stores offsets as a pipeline would.</summary>
internal sealed class ReadingOwner : IPartitionOwner
{
    private readonly ConcurrentDictionary<int, AssignedPartition> _assigned = new();
    private readonly ConcurrentDictionary<int, Task> _readers = new();
    private readonly ConcurrentDictionary<int, ConcurrentQueue<ReceivedRecord>> _records = new();
    private readonly ConcurrentDictionary<int, int> _ticks = new();

    public Func<int, long?> StartAt { get; init; } = _ => null;

    /// <summary>Waited for before each batch of a partition is read.</summary>
    public Func<int, Task> BeforeEachBatch { get; init; } = _ => Task.CompletedTask;

    public Func<int, Task> BeforeGoodbye { get; init; } = _ => Task.CompletedTask;

    public bool StoresOffsets { get; init; } = true;

    public ConcurrentQueue<int> Revoked { get; } = new();

    public ConcurrentQueue<int> Lost { get; } = new();

    /// <summary>Faults of the owner's contract seen on the way, in words.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public ICollection<int> Partitions => _assigned.Keys;

    public int Total => _records.Values.Sum(records => records.Count);

    public AssignedPartition Partition(int partition) => _assigned[partition];

    public ReceivedRecord[] Records(int partition) => _records.TryGetValue(partition, out var records) ? [.. records] : [];

    public int Ticks(int partition) => _ticks.GetValueOrDefault(partition);

    public long? OnAssigned(AssignedPartition partition)
    {
        _assigned[partition.Partition] = partition;
        Read(partition, partition.Reader);
        return StartAt(partition.Partition);
    }

    /// <summary>Reads another channel of the partition, after a rewind.</summary>
    public void Read(AssignedPartition partition, ChannelReader<RecordBatch> reader) =>
        _readers[partition.Partition] = Task.Run(() => ReadAsync(partition, reader));

    public async ValueTask OnRevokedAsync(int partition)
    {
        await _readers[partition];
        await BeforeGoodbye(partition);
        if (StoresOffsets && Records(partition) is { Length: > 0 } records)
        {
            _assigned[partition].StoreOffset(records[^1].Offset + 1);
        }

        _assigned.TryRemove(partition, out _);
        Revoked.Enqueue(partition);
    }

    public void OnLost(int partition)
    {
        _assigned.TryRemove(partition, out _);
        Lost.Enqueue(partition);
    }

    private async Task ReadAsync(AssignedPartition partition, ChannelReader<RecordBatch> reader)
    {
        while (await reader.WaitToReadAsync())
        {
            await BeforeEachBatch(partition.Partition);
            if (!reader.TryRead(out var batch))
            {
                continue;
            }

            Keep(partition, batch);
            if (StoresOffsets)
            {
                partition.StoreOffset(batch.NextOffset);
            }

            batch.Return();
        }
    }

    private void Keep(AssignedPartition partition, RecordBatch batch)
    {
        if (batch.Partition != partition.Partition)
        {
            Complaints.Enqueue($"partition {batch.Partition} came through the channel of {partition.Partition}");
        }

        if (batch.Count == 0)
        {
            if (!batch.IsCaughtUp)
            {
                Complaints.Enqueue("a tick that is not caught up");
            }

            _ticks.AddOrUpdate(partition.Partition, 1, (_, ticks) => ticks + 1);
            return;
        }

        var records = _records.GetOrAdd(partition.Partition, _ => new());
        for (var i = 0; i < batch.Count; i++)
        {
            records.Enqueue(new ReceivedRecord(
                batch.Epoch, batch.Offset(i), batch.Timestamp(i), batch.Key(i).ToArray(), batch.Value(i).ToArray(), batch.IsTombstone(i)));
        }

        if (batch.NextOffset != batch.Offset(batch.Count - 1) + 1)
        {
            Complaints.Enqueue("a batch that does not end where it says");
        }
    }
}
