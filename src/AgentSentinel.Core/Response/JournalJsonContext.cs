using System.Text.Json;
using System.Text.Json.Serialization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Core.Response;

[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(SuspensionOrder))]
[JsonSerializable(typeof(IReadOnlyList<Evidence>))]
[JsonSerializable(typeof(PolicyDecision))]
internal sealed partial class JournalJsonContext : JsonSerializerContext
{
    /// <summary>The context with the journal's spelling and strictness.</summary>
    public static JournalJsonContext Strict { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
    });
}
