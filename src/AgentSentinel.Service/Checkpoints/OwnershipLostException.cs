namespace AgentSentinel.Service.Checkpoints;

/// <summary>Another instance has taken over the partition: whatever this one still wanted to save must not be saved.</summary>
public sealed class OwnershipLostException(string message) : Exception(message);
