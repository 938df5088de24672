using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>One thing that a read state must say.</summary>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901).</param>
/// <param name="Expected">What must stand there; null is JSON's null. Texts may hold placeholders.</param>
/// <param name="MayBeAbsent">Whether it holds also when nothing stands there.</param>
/// <param name="IsNegated">Whether it must not hold.</param>
internal sealed record TemplateCheck(string Pointer, JsonNode? Expected, bool MayBeAbsent, bool IsNegated)
{
    public bool Holds(JsonElement state, IReadOnlyDictionary<string, string> values) =>
        (TryFind(state, Pointer, out var found) ? IsSame(found, TemplateText.In(Expected, values)) : MayBeAbsent) != IsNegated;

    /// <summary>A text from a placeholder also stands for the number that is written like it: ids are numbers here and there.</summary>
    private static bool IsSame(JsonElement found, JsonNode? expected) => found.ValueKind switch
    {
        JsonValueKind.Null => expected is null,
        JsonValueKind.Number when expected is JsonValue value && value.TryGetValue<string>(out var text) => found.GetRawText() == text,
        _ => expected is not null && JsonNode.DeepEquals(JsonNode.Parse(found.GetRawText()), expected),
    };

    private static bool TryFind(JsonElement element, string pointer, out JsonElement found)
    {
        found = element;
        foreach (var token in pointer.Split('/').Skip(1))
        {
            var name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return false;
            }
        }

        return true;
    }
}
