using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Detectors;

/// <summary>A call of an open session whose result may have brought something in.</summary>
/// <param name="Id">Fingerprint of the call's id.</param>
/// <param name="Tool">Fingerprint of its tool.</param>
/// <param name="Trust">Who could have written its result.</param>
/// <param name="CallId">The id, for the causal chain. Text from telemetry: data.</param>
/// <param name="ToolName">The tool, for the causal chain. Text from telemetry: data.</param>
internal readonly record struct LineageSource(ulong Id, ulong Tool, SourceTrust Trust, string CallId, string ToolName);
