using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>Puts values into a template's <c>{{name}}</c>. A value becomes part of a URL or of a JSON text, never of their structure.</summary>
internal static partial class TemplateText
{
    public static IEnumerable<string> NamesIn(string text) => Placeholder().Matches(text).Select(match => match.Groups["name"].Value);

    /// <summary>Into the path or query of a URL.</summary>
    public static string InUrl(string text, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(text, match => Uri.EscapeDataString(values[match.Groups["name"].Value]));

    /// <summary>As it is: where the value is a whole text of its own.</summary>
    public static string Plain(string text, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(text, match => values[match.Groups["name"].Value]);

    /// <summary>Into every text of a JSON document; a copy.</summary>
    public static JsonNode? In(JsonNode? node, IReadOnlyDictionary<string, string> values) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, In(member.Value, values)))),
        JsonArray elements => new JsonArray([.. elements.Select(element => In(element, values))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Plain(text, values)),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"\{\{(?<name>[a-z_]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
