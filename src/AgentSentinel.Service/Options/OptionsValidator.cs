using System.Collections;

namespace AgentSentinel.Service.Options;

/// <summary>Asks every section of a bound tree whether it can be used. Owned by one call of <see cref="OptionsReader"/>.</summary>
internal sealed class OptionsValidator(IReadOnlySet<string> incompleteSections)
{
    private readonly List<OptionsError> _errors = [];

    public IReadOnlyList<OptionsError> Errors => _errors;

    public void Validate(object record, string path)
    {
        var properties = OptionsProperty.Of(record.GetType());
        foreach (var property in properties)
        {
            ValidateRules(property, property.Get(record), Join(path, property.Name));
        }

        if (record is IValidatedOptions validated && !incompleteSections.Contains(path))
        {
            foreach (var message in validated.Validate())
            {
                Add(path, message, properties);
            }
        }

        foreach (var property in properties)
        {
            ValidateBelow(property.Shape, property.Get(record), Join(path, property.Name));
        }
    }

    private void ValidateRules(OptionsProperty property, object? value, string key)
    {
        foreach (var rule in property.Rules)
        {
            // The value itself is not part of these messages, so that a secret stays one.
            if (!rule.IsValid(value))
            {
                _errors.Add(new(key, rule.FormatErrorMessage(property.Name)));
            }
        }
    }

    private void ValidateBelow(OptionsShape shape, object? value, string key)
    {
        switch (shape, value)
        {
            case (_, null) or ({ Kind: OptionsKind.Value }, _):
                break;
            case ({ Kind: OptionsKind.Section }, _):
                Validate(value, key);
                break;
            case ({ Element: { } element }, IDictionary map):
                foreach (DictionaryEntry entry in map)
                {
                    ValidateBelow(element, entry.Value, Join(key, OptionsText.Shown((string)entry.Key)));
                }

                break;
            case ({ Element: { } element }, IList list):
                for (var i = 0; i < list.Count; i++)
                {
                    ValidateBelow(element, list[i], FormattableString.Invariant($"{key}:{i}"));
                }

                break;
        }
    }

    private void Add(string path, string message, IReadOnlyList<OptionsProperty> properties)
    {
        var colon = message.IndexOf(": ", StringComparison.Ordinal);
        var property = colon < 0 ? null : properties.FirstOrDefault(property => property.Name == message[..colon].Split('[')[0]);
        _errors.Add(property is null
            ? new(path, message)
            : new(Join(path, message[..colon].Replace('[', ':').TrimEnd(']')), message[(colon + 2)..]));
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}:{key}";
}
