using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Options;

/// <summary>One reading of a configuration into a record: walks keys and properties together and collects what does not fit. Owned by one call of <see cref="OptionsReader"/>.</summary>
internal sealed class OptionsBinder(IReadOnlyList<string> knownKeys)
{
    private readonly List<OptionsError> _errors = [];
    private readonly HashSet<string> _incomplete = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<OptionsError> Errors => _errors;

    /// <summary>Sections with a key that could not be read: their rules would judge a default that nobody asked for.</summary>
    public IReadOnlySet<string> IncompleteSections => _incomplete;

    public void BindRecord(object record, string path, IEnumerable<IConfigurationSection> children, bool isSecret = false)
    {
        var properties = OptionsProperty.Of(record.GetType());
        foreach (var child in children)
        {
            var property = properties.FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                AddUnknown(child.Key, path, properties);
                continue;
            }

            var key = Join(path, property.Name);
            if (IsNull(child) && property.IsNullable)
            {
                property.Set(record, null);
            }
            else if (TryBind(property.Shape, child, key, property.Get(record), isSecret || property.IsSecret, out var value))
            {
                property.Set(record, value);
            }
            else
            {
                _incomplete.Add(path);
            }
        }
    }

    private bool TryBind(OptionsShape shape, IConfigurationSection section, string key, object? current, bool isSecret, out object? value)
    {
        value = null;
        switch (shape.Kind)
        {
            case OptionsKind.Value:
                return TryBindValue(shape, section, key, isSecret, out value);
            case OptionsKind.List:
                return TryBindList(shape, section, key, isSecret, out value);
            case OptionsKind.Map:
                return TryBindMap(shape, section, key, current, isSecret, out value);
            default:
                if (!HasNoValue(section, key, "a section; its keys are set one by one"))
                {
                    return false;
                }

                value = Copy(current) ?? shape.Create();
                BindRecord(value, key, section.GetChildren(), isSecret);
                return true;
        }
    }

    private bool TryBindValue(OptionsShape shape, IConfigurationSection section, string key, bool isSecret, out object? value)
    {
        value = null;
        var isSingle = true;
        foreach (var child in section.GetChildren())
        {
            isSingle = false;
            Add(Join(key, child.Key), $"Not a known key: {key} is a single value ({shape.Words}).");
        }

        if (section.Value is null)
        {
            if (isSingle)
            {
                Add(key, $"Must not be null; expected {OptionsText.Expected(shape.Type)}.");
            }

            return false;
        }

        if (OptionsText.TryParse(section.Value, shape.Type, out value))
        {
            return isSingle;
        }

        Add(key, isSecret
            ? $"Cannot be read (the value is secret); expected {OptionsText.Expected(shape.Type)}."
            : $"'{OptionsText.Shown(section.Value)}' cannot be read; expected {OptionsText.Expected(shape.Type)}.");
        return false;
    }

    private bool TryBindList(OptionsShape shape, IConfigurationSection section, string key, bool isSecret, out object? value)
    {
        value = null;
        if (!HasNoValue(section, key, $"a list; its elements are {key}:0, {key}:1 and so on"))
        {
            return false;
        }

        // The order of keys is that of their numbers: IConfiguration sorts them so.
        var elements = section.GetChildren().ToArray();
        var list = Array.CreateInstance(shape.Type.GetElementType()!, elements.Length);
        var isGood = true;
        for (var i = 0; i < elements.Length; i++)
        {
            if (elements[i].Key != i.ToString(CultureInfo.InvariantCulture))
            {
                Add(Join(key, elements[i].Key), $"Not a known key: the elements of a list are numbered from 0 without gaps, so {i} was expected.");
                return false;
            }

            if (TryBind(shape.Element!, elements[i], Join(key, elements[i].Key), null, isSecret, out var element))
            {
                list.SetValue(element, i);
            }
            else
            {
                isGood = false;
            }
        }

        value = list;
        return isGood;
    }

    private bool TryBindMap(OptionsShape shape, IConfigurationSection section, string key, object? current, bool isSecret, out object? value)
    {
        value = null;
        if (!HasNoValue(section, key, $"a map; its entries are {key}:<name>"))
        {
            return false;
        }

        // Keys of a configuration know no case; a map that does would find nothing.
        var map = (IDictionary)Activator.CreateInstance(shape.Type, StringComparer.OrdinalIgnoreCase)!;
        if (current is IDictionary defaults)
        {
            foreach (DictionaryEntry entry in defaults)
            {
                map[entry.Key] = entry.Value;
            }
        }

        var isGood = true;
        foreach (var child in section.GetChildren())
        {
            if (TryBind(shape.Element!, child, Join(key, child.Key), map[child.Key], isSecret, out var element))
            {
                map[child.Key] = element;
            }
            else
            {
                isGood = false;
            }
        }

        value = map;
        return isGood;
    }

    /// <summary>JSON's <c>[]</c> arrives as an empty text, <c>{}</c> and <c>null</c> as no text: all of them are empty, and fine.</summary>
    private bool HasNoValue(IConfigurationSection section, string key, string what)
    {
        if (string.IsNullOrEmpty(section.Value))
        {
            return true;
        }

        Add(key, $"Is {what}, and has no value of its own.");
        return false;
    }

    private void AddUnknown(string name, string path, IReadOnlyList<OptionsProperty> properties)
    {
        var nearest = KeySpelling.Nearest(name, properties.Select(property => property.Name));
        var meant = nearest is not null
            ? Join(path, nearest)
            : knownKeys.FirstOrDefault(key => key.EndsWith($":{name}", StringComparison.OrdinalIgnoreCase));
        Add(Join(path, name), meant is null ? "Not a known key." : $"Not a known key; did you mean {meant}?");
    }

    private void Add(string key, string message) => _errors.Add(new(key, message));

    private static bool IsNull(IConfigurationSection section) => section.Value is null && !section.GetChildren().Any();

    /// <summary>A record's own copy, so that a default shared between instances is never written to.</summary>
    private static object? Copy(object? record) =>
        record?.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)?.Invoke(record, null) ?? record;

    /// <summary>Names of the operator's choice become part of messages: each is made fit to be shown.</summary>
    private static string Join(string path, string key) => path.Length == 0 ? OptionsText.Shown(key) : $"{path}:{OptionsText.Shown(key)}";
}
