namespace AgentSentinel.Service.Suspension;

/// <summary>
/// Told what became of a webhook; appends it to the journal. Every call is made again until it returns, also after a restart, so the same
/// report may come more than once. Calls come one at a time and do not hold up the sending.
/// </summary>
internal interface IDeliveryListener
{
    Task OnDeliveredAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken);

    /// <summary>It has failed often enough that people should know; attempts go on. Reported once per message.</summary>
    Task OnEscalateAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken);

    /// <summary>It was given up, with the last attempt's outcome.</summary>
    Task OnUndeliverableAsync(OutboxMessage message, AttemptOutcome outcome, CancellationToken cancellationToken);
}
