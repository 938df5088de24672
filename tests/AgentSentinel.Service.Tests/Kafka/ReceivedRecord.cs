namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>A record as a pipeline saw it, copied out of its batch.</summary>
internal sealed record ReceivedRecord(int Epoch, long Offset, DateTimeOffset Timestamp, byte[] Key, byte[] Value, bool IsTombstone);
