namespace AgentSentinel.Service.Api;

/// <summary>Marks an endpoint that answers with a page or belongs to one: what the page may load is its own to say.</summary>
/// <param name="ContentSecurityPolicy">The policy.</param>
internal sealed record PagePolicy(string ContentSecurityPolicy);
