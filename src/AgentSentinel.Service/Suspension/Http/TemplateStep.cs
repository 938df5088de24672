using System.Text.Json.Nodes;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>One request of a template.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Path and query after the base URL; may hold placeholders.</param>
/// <param name="Body">The body; null: none, unless <paramref name="Merge"/> is there.</param>
/// <param name="Merge">Members put into the state that was read, the whole of which is the body: for a PUT that replaces everything. Null: none.</param>
/// <param name="Success">Status codes that mean that it was done.</param>
/// <param name="IsAlways">Whether it is made also when the read state says that it is suspended already, since the state does not show whether this was done.</param>
internal sealed record TemplateStep(string Method, string Path, JsonNode? Body, JsonObject? Merge, IReadOnlyList<int> Success, bool IsAlways);
