using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentSentinel.Conventions.Tests;

/// <summary>A text about the source names only what is there.</summary>
internal static partial class ReadmeRules
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>Identifiers in backticks, outside of fenced blocks, that are neither a type, a member of one, nor a namespace or its last words.</summary>
    public static IEnumerable<string> UnknownNames(string markdown, IReadOnlyCollection<Type> types)
    {
        var namespaces = types.Select(type => type.Namespace ?? "").SelectMany(Prefixes).ToHashSet(StringComparer.Ordinal);
        return CodeSpan().Matches(FencedBlock().Replace(markdown, "")).Select(match => match.Groups["code"].Value)
            .Where(code => Identifier().IsMatch(code))
            .Select(code => TypeArguments().Replace(code, "").Replace("()", "", StringComparison.Ordinal))
            .Where(name => !types.Any(type => IsType(type, name) || IsMember(type, name)) && !namespaces.Any(space => IsEnd(space, name)))
            .Distinct();
    }

    private static bool IsType(Type type, string name) => IsEnd((type.FullName ?? type.Name).Split('`')[0].Replace('+', '.'), name);

    private static bool IsMember(Type type, string name)
    {
        var dot = name.LastIndexOf('.');
        return dot > 0 && IsType(type, name[..dot]) && Lineage(type).Any(ancestor => ancestor.GetMember(name[(dot + 1)..], Any).Length > 0);
    }

    private static IEnumerable<Type> Lineage(Type type) => type.IsInterface ? [type, .. type.GetInterfaces()] : [type];

    private static bool IsEnd(string fullName, string name) => fullName == name || fullName.EndsWith("." + name, StringComparison.Ordinal);

    private static IEnumerable<string> Prefixes(string space)
    {
        var parts = space.Split('.');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('.', parts[..count]));
    }

    [GeneratedRegex(@"^\s*(```|~~~).*?^\s*\1", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex FencedBlock();

    [GeneratedRegex(@"(?<!`)(`+)(?!`)\s?(?<code>[^`]+?)\s?\1(?!`)", RegexOptions.CultureInvariant)]
    private static partial Regex CodeSpan();

    // At least one lower-case letter: JSON and API are no types.
    [GeneratedRegex(@"^(?=.*[a-z])[A-Z][A-Za-z0-9]*(<[A-Za-z0-9, <>\[\]?]+>)?(\.[A-Z][A-Za-z0-9]*(<[A-Za-z0-9, <>\[\]?]+>)?)*(\(\))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"<[^.()]*>", RegexOptions.CultureInvariant)]
    private static partial Regex TypeArguments();
}
