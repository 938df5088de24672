namespace AgentSentinel.Service.Suspension;

/// <summary>
/// Where a message stands with its receiver. Whether that was reported to the journal is kept beside it (<see cref="OutboxMessage.IsReported"/>)
/// instead of as one more state, because a reported dead letter must still be listed as undeliverable. Numbers are stored: never renumber.
/// </summary>
internal enum OutboxState
{
    Pending = 0,
    Delivered = 1,
    Undeliverable = 2,
}
