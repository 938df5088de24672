namespace AgentSentinel.Core.Detection;

/// <summary>An agent used a credential for the first time.</summary>
/// <param name="Credential">Fingerprint of the credential's id, keyed with the deployment's secret: 16 hexadecimal digits.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Time">Event time of the call.</param>
/// <param name="KnownSince">Event time of the agent's first call.</param>
/// <param name="CallId">Id of the call. Text from telemetry: data.</param>
/// <param name="SessionId">Session of the call, or null. Text from telemetry: data.</param>
/// <param name="CredentialId">The credential itself, as the telemetry names it. Text from telemetry: data.</param>
public sealed record CredentialSighting(
    string Credential, string AgentId, DateTimeOffset Time, DateTimeOffset KnownSince, string CallId, string? SessionId, string CredentialId);
