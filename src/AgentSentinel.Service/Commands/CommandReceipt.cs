namespace AgentSentinel.Service.Commands;

/// <summary>What became of the attempt to give a command.</summary>
/// <param name="CommandId">Its id, when it is in the journal.</param>
/// <param name="Objection">What is wrong with it, in words for who gave it; null when it was taken.</param>
/// <param name="IsConflict">The idempotency key was used for another command before.</param>
public sealed record CommandReceipt(string? CommandId, string? Objection, bool IsConflict);
