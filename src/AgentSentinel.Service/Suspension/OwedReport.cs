namespace AgentSentinel.Service.Suspension;

/// <summary>Something the journal has not been told yet about a message.</summary>
/// <param name="Message">The message as it stands now.</param>
/// <param name="Outcome">Its last attempt's outcome.</param>
/// <param name="IsEscalation">True: people are to be alerted that it keeps failing. False: its final outcome.</param>
internal sealed record OwedReport(OutboxMessage Message, AttemptOutcome Outcome, bool IsEscalation);
