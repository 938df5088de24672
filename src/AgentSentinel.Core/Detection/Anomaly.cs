using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Detection;

/// <summary>Evidence at or over the threshold: what detection writes to the journal. One per agent, detector and window, and further ones when an open window becomes much worse.</summary>
/// <param name="Id">Derived from content, <c>agent/detector/window</c>: the same anomaly found again after a restart has the same id.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="Time">Event time of the call that raised it, or the end of the window.</param>
/// <param name="WindowStart">Begin of the window.</param>
/// <param name="WindowEnd">End of the window.</param>
/// <param name="Evidence">The reason.</param>
/// <param name="CallId">Id of the call that raised it; null when a closed window did.</param>
/// <param name="SessionId">Session of that call, or null.</param>
/// <param name="CredentialId">Credential that the agent used last, or null.</param>
/// <param name="AgentVersion">Version of the agent at that call, or null.</param>
/// <param name="KnownSince">Event time of the agent's first call: how long its baselines have had to learn.</param>
public sealed record Anomaly(
    string Id,
    string AgentId,
    DateTimeOffset Time,
    DateTimeOffset WindowStart,
    DateTimeOffset WindowEnd,
    Evidence Evidence,
    string? CallId,
    string? SessionId,
    string? CredentialId,
    string? AgentVersion,
    DateTimeOffset KnownSince)
{
    /// <summary>The highest label among the resources of the call, or of the calls of the window; null when none were named.</summary>
    public Sensitivity? Sensitivity { get; init; }

    /// <summary>True when the call, or most calls of the window, failed or were denied: what an agent does against a closed door.</summary>
    public bool IsOfFailedCalls { get; init; }
}
