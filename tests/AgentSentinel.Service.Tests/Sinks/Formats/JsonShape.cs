using System.Text.Json;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>A strict shape for JSON: every property must be known and of its kind, and the required ones there. Collects what is wrong.</summary>
internal sealed class JsonShape
{
    private readonly Dictionary<string, (bool IsRequired, Check Check)> _properties = [];

    public delegate IEnumerable<string> Check(JsonElement value, string path);

    public static Check Text(int maxLength = int.MaxValue, int minLength = 0) => (value, path) =>
        value.ValueKind != JsonValueKind.String ? [$"{path}: no string"]
        : value.GetString()!.Length > maxLength ? [$"{path}: {value.GetString()!.Length} characters, at most {maxLength}"]
        : value.GetString()!.Length < minLength ? [$"{path}: {value.GetString()!.Length} characters, at least {minLength}"]
        : [];

    public static Check OneOf(params string[] values) => (value, path) =>
        value.ValueKind == JsonValueKind.String && values.Contains(value.GetString()) ? [] : [$"{path}: {value.GetRawText()} is none of {string.Join(", ", values)}"];

    public static Check OneOf(params int[] values) => (value, path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && values.Contains(number) ? [] : [$"{path}: {value.GetRawText()} is none of {string.Join(", ", values)}"];

    public static Check Integer => (value, path) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? [] : [$"{path}: no integer"];

    public static Check Number => (value, path) => value.ValueKind == JsonValueKind.Number ? [] : [$"{path}: no number"];

    public static Check Flag => (value, path) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [$"{path}: no boolean"];

    public static Check Time => (value, path) => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _) ? [] : [$"{path}: no RFC 3339 time"];

    public static Check Url => (value, path) =>
        value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? [] : [$"{path}: no URL"];

    public static Check FreeObject => (value, path) => value.ValueKind == JsonValueKind.Object ? [] : [$"{path}: no object"];

    public static Check ListOf(Check element, int min = 0, int max = int.MaxValue) => (value, path) =>
        value.ValueKind != JsonValueKind.Array ? [$"{path}: no array"]
        : value.GetArrayLength() < min || value.GetArrayLength() > max ? [$"{path}: {value.GetArrayLength()} elements, {min} to {max} allowed"]
        : value.EnumerateArray().SelectMany((e, i) => element(e, $"{path}[{i}]"));

    public static Check ByType(string property, Dictionary<string, JsonShape> shapes) => (value, path) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(property, out var type) && shapes.TryGetValue(type.GetString() ?? "", out var shape)
            ? shape.Errors(value, path)
            : [$"{path}: unknown {property}"];

    public JsonShape Required(string name, Check check) => Add(name, true, check);

    public JsonShape Optional(string name, Check check) => Add(name, false, check);

    public IEnumerable<string> Errors(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [$"{path}: no object"];
        }

        var names = value.EnumerateObject().Select(p => p.Name).ToArray();
        return names.Where(name => !_properties.ContainsKey(name)).Select(name => $"{path}.{name}: unknown")
            .Concat(names.GroupBy(name => name).Where(g => g.Count() > 1).Select(g => $"{path}.{g.Key}: twice"))
            .Concat(_properties.Where(p => p.Value.IsRequired && !names.Contains(p.Key)).Select(p => $"{path}.{p.Key}: missing"))
            .Concat(value.EnumerateObject().Where(p => _properties.ContainsKey(p.Name)).SelectMany(p => _properties[p.Name].Check(p.Value, $"{path}.{p.Name}")));
    }

    public static implicit operator Check(JsonShape shape) => shape.Errors;

    private JsonShape Add(string name, bool isRequired, Check check)
    {
        _properties.Add(name, (isRequired, check));
        return this;
    }
}
