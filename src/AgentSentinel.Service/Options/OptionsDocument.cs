using System.Collections;

namespace AgentSentinel.Service.Options;

/// <summary>The configuration as a table: every key with its type, value, default and description.</summary>
public static class OptionsDocument
{
    private const string Masked = "***";

    /// <summary>A row per key, in the order of declaration. A map of sections without entries is shown once, with <c>&lt;name&gt;</c> in the key.</summary>
    public static IReadOnlyList<OptionsRow> Describe<T>(T value)
        where T : class, new()
    {
        var rows = new List<OptionsRow>();
        AddSection(rows, "", typeof(T), value, new T(), isSecret: false);
        return rows;
    }

    /// <summary>The keys of a section; one that is not there has no values.</summary>
    private static void AddSection(List<OptionsRow> rows, string path, Type type, object? record, object? defaults, bool isSecret)
    {
        foreach (var property in OptionsProperty.Of(type))
        {
            var key = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            var value = record is null ? null : property.Get(record);
            var standard = defaults is null ? null : property.Get(defaults);
            var isHidden = isSecret || property.IsSecret;
            switch (property.Shape)
            {
                case { Kind: OptionsKind.Section } shape:
                    AddSection(rows, key, shape.Type, value, standard ?? shape.Create(), isHidden);
                    break;
                case { Kind: OptionsKind.Map, Element: { Kind: OptionsKind.Section } element }:
                    AddMap(rows, key, (IDictionary?)value, (IDictionary?)standard, element, isHidden);
                    break;
                case var shape:
                    rows.Add(new(key, shape.Words, Text(value, isHidden), Text(standard, isHidden), property.Description));
                    break;
            }
        }
    }

    private static void AddMap(List<OptionsRow> rows, string key, IDictionary? value, IDictionary? standard, OptionsShape element, bool isSecret)
    {
        if (value is null || value.Count == 0)
        {
            AddSection(rows, $"{key}:<name>", element.Type, null, element.Create(), isSecret);
            return;
        }

        foreach (DictionaryEntry entry in value)
        {
            AddSection(rows, $"{key}:{OptionsText.Shown((string)entry.Key)}", element.Type, entry.Value, standard?[entry.Key] ?? element.Create(), isSecret);
        }
    }

    private static string Text(object? value, bool isSecret) => value switch
    {
        null or "" or Array { Length: 0 } or IDictionary { Count: 0 } => "",
        _ when isSecret => Masked,
        Array list => string.Join(", ", list.Cast<object?>().Select(element => Text(element, isSecret: false))),
        IDictionary map => string.Join(", ", map.Keys.Cast<string>().Select(name => $"{name}={Text(map[name], isSecret: false)}")),
        _ when OptionsText.IsKnown(value.GetType()) => OptionsText.Format(value),
        _ => string.Join(", ", OptionsProperty.Of(value.GetType()).Select(property => $"{property.Name}={Text(property.Get(value), property.IsSecret)}")),
    };
}
