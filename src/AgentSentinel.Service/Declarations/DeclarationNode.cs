using System.Globalization;
using AgentSentinel.Service.Options;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentSentinel.Service.Declarations;

/// <summary>
/// One place in a YAML or JSON file (JSON is YAML), read strictly: what does not fit is an error with its line and reading goes on, so that
/// all errors come at once. Keys that nobody asked for are errors too.
/// </summary>
internal sealed class DeclarationNode
{
    private readonly string _file;
    private readonly List<DeclarationError> _errors;
    private readonly YamlNode _node;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private DeclarationNode(string file, YamlNode node, List<DeclarationError> errors)
    {
        _file = file;
        _node = node;
        _errors = errors;
    }

    public long Line => _node.Start.Line;

    /// <summary>Reads a file; null when it is no YAML or is not there, with the error in <paramref name="errors"/>.</summary>
    public static DeclarationNode? Open(string path, List<DeclarationError> errors)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Parse(path, reader, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new DeclarationError(path, 0, $"Cannot be read ({e.GetType().Name})."));
            return null;
        }
    }

    /// <summary>The root of a text; null when it is no map, and then the errors say why.</summary>
    /// <param name="path">What it is called in errors.</param>
    /// <param name="reader">The text.</param>
    /// <param name="errors">Where errors go.</param>
    public static DeclarationNode? Parse(string path, TextReader reader, List<DeclarationError> errors)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
            {
                return new DeclarationNode(path, root, errors);
            }

            errors.Add(new DeclarationError(path, 0, "Expected one document that is a map of keys and values."));
        }
        catch (YamlException e)
        {
            // The message would quote the file's text: only the place is told, and what kind of thing stands there.
            errors.Add(new DeclarationError(path, e.Start.Line, e.Message.Contains("Duplicate key", StringComparison.OrdinalIgnoreCase) ? "The same key stands here twice." : "Not valid YAML or JSON."));
        }

        return null;
    }

    public void Fail(string message) => _errors.Add(new DeclarationError(_file, Line, message));

    /// <summary>Elements of a list of maps.</summary>
    public IEnumerable<DeclarationNode> Maps(string key)
    {
        foreach (var element in Elements(key))
        {
            if (element is YamlMappingNode)
            {
                var child = new DeclarationNode(_file, element, _errors);
                yield return child;
                child.RefuseRest();
            }
            else
            {
                Fail(element, $"{key}: expected keys and values.");
            }
        }
    }

    /// <summary>A map within this one, or null.</summary>
    public DeclarationNode? Map(string key)
    {
        if (Child(key) is not { } node)
        {
            return null;
        }

        if (node is YamlMappingNode)
        {
            return new DeclarationNode(_file, node, _errors);
        }

        Fail(node, $"{key}: expected keys and values.");
        return null;
    }

    public string? Text(string key, bool isRequired = false)
    {
        var node = Child(key);
        if (node is YamlScalarNode { Value.Length: > 0 } scalar)
        {
            return scalar.Value;
        }

        if (node is not null || isRequired)
        {
            Fail(node ?? _node, node is null ? $"{key} is missing." : $"{key}: expected a text.");
        }

        return null;
    }

    /// <summary>One text or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Child(key) is YamlScalarNode { Value.Length: > 0 } single)
        {
            return [single.Value!];
        }

        var texts = new List<string>();
        foreach (var element in Elements(key))
        {
            if (element is YamlScalarNode { Value.Length: > 0 } scalar)
            {
                texts.Add(scalar.Value!);
            }
            else
            {
                Fail(element, $"{key}: expected texts.");
            }
        }

        return texts;
    }

    public bool? Truth(string key) => Parse<bool>(key, "true or false", text => text switch { "true" => true, "false" => false, _ => null });

    public double? Number(string key) => Parse<double>(
        key, "a number", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);

    public TimeSpan? Duration(string key) => Parse<TimeSpan>(
        key, OptionsText.Expected(typeof(TimeSpan)), text => OptionsText.TryParseDuration(text, out var duration) && duration > TimeSpan.Zero ? duration : null);

    /// <summary>A name of an enumeration, in snake_case.</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum => Parse<T>(
        key,
        $"one of {string.Join(", ", Enum.GetNames<T>().Select(Snake))}",
        text => Enum.GetNames<T>().FirstOrDefault(name => Snake(name) == text) is { } name ? Enum.Parse<T>(name) : null);

    /// <summary>Whatever stands here and was not asked for is an error.</summary>
    public void RefuseRest()
    {
        foreach (var key in ((YamlMappingNode)_node).Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!_asked.Contains(name))
            {
                var nearest = KeySpelling.Nearest(name, _asked);
                Fail(key, $"'{OptionsText.Shown(name)}' is not a known key{(nearest is null ? "" : $"; did you mean {nearest}?")}");
            }
        }
    }

    private static string Snake(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private T? Parse<T>(string key, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Child(key) is not { } node)
        {
            return null;
        }

        var value = node is YamlScalarNode { Value: { } text } ? parse(text) : null;
        if (value is null)
        {
            Fail(node, $"{key}: expected {expected}.");
        }

        return value;
    }

    private YamlNode? Child(string key)
    {
        _asked.Add(key);
        return ((YamlMappingNode)_node).Children.TryGetValue(new YamlScalarNode(key), out var node)
            && node is not YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" } ? node : null;
    }

    private IEnumerable<YamlNode> Elements(string key)
    {
        switch (Child(key))
        {
            case null:
                return [];
            case YamlSequenceNode list:
                return list.Children;
            case var other:
                Fail(other, $"{key}: expected a list.");
                return [];
        }
    }

    private void Fail(YamlNode at, string message) => _errors.Add(new DeclarationError(_file, at.Start.Line, message));
}
