using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>An owner that reads nothing: the test does.</summary>
internal sealed class IdleOwner : IPartitionOwner
{
    private AssignedPartition? _assigned;

    public AssignedPartition? Assigned => Volatile.Read(ref _assigned);

    public long? OnAssigned(AssignedPartition partition)
    {
        Volatile.Write(ref _assigned, partition);
        return null;
    }

    public ValueTask OnRevokedAsync(int partition) => default;

    public void OnLost(int partition)
    {
    }
}
