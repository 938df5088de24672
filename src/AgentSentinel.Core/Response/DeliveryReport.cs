namespace AgentSentinel.Core.Response;

/// <summary>What became of an order. A report never causes an order.</summary>
/// <param name="Id">Unique: message id and outcome.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
/// <param name="MessageId">Id of the message that was to be delivered.</param>
/// <param name="SuspensionId">The suspension it belongs to.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="Detail">Status or error class of the last attempt; never the receiver's text.</param>
public sealed record DeliveryReport(
    string Id,
    DateTimeOffset RecordedAt,
    string MessageId,
    string SuspensionId,
    DeliveryOutcome Outcome,
    int Attempts,
    string Detail) : JournalEntry(Id, RecordedAt)
{
    /// <summary>
    /// What reading back said. With <see cref="DeliveryOutcome.Delivered"/> it may be still to come, then a further report follows, and null
    /// stands for <see cref="VerificationOutcome.NotVerifiable"/>; with <see cref="DeliveryOutcome.Failing"/> it can be contradicted while attempts go on.
    /// </summary>
    public VerificationOutcome? Verification { get; init; }

    /// <summary>How long access that was granted before may go on (tokens that live until they expire); null when the adapter cannot tell.</summary>
    public TimeSpan? ResidualAccess { get; init; }
}
