using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Detection;

/// <summary>One step of a causal chain.</summary>
/// <param name="Kind">What stands here.</param>
/// <param name="CallId">Id of the event, or null when it is not known. Text from telemetry: data.</param>
/// <param name="Tool">The tool, or null for a request. Text from telemetry: data.</param>
/// <param name="Trust">Who could have written what came in here.</param>
/// <param name="Explanation">In words; names fingerprints, never contents. May quote telemetry: data.</param>
public sealed record CausalLink(CausalLinkKind Kind, string? CallId, string? Tool, SourceTrust Trust, string Explanation);
