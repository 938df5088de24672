using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentSentinel.Cli.Remote;

/// <summary>A command as the API takes it.</summary>
internal sealed record RemoteCommand(string Command, string Target, string Reason)
{
    public static JsonSerializerOptions Spelling { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public string? Session { get; init; }

    public string? Credential { get; init; }

    public string? Verdict { get; init; }
}
