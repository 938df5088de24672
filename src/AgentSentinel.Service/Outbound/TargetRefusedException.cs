namespace AgentSentinel.Service.Outbound;

/// <summary>A connection that was not made, because none of the target's addresses is allowed.</summary>
internal sealed class TargetRefusedException() : Exception("None of the target's addresses is allowed.");
