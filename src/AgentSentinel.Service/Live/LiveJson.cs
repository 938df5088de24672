using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentSentinel.Service.Live;

/// <summary>The spelling of everything that goes out over HTTP: that of the journal.</summary>
internal static class LiveJson
{
    public static JsonSerializerOptions Options { get; } = Spell(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Snake_case, enumerations as text, null where there is nothing.</summary>
    public static JsonSerializerOptions Spell(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }
}
