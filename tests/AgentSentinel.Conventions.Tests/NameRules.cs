using System.Text.RegularExpressions;

namespace AgentSentinel.Conventions.Tests;

/// <summary>Words that say nothing, and so collect everything.</summary>
internal static partial class NameRules
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Util", "Utils", "Helper", "Helpers", "Common", "Extensions", "Manager", "Managers", "Base", "Misc",
    };

    public static IEnumerable<string> EmptyWordsInPaths(IEnumerable<string> files) =>
        from file in files.Where(file => !Repository.IsBelow(file, "tests/data"))
        from word in Words(file).Where(Forbidden.Contains).Distinct()
        select $"{file}: {word}";

    public static IEnumerable<string> EmptyWordsInTypes(IEnumerable<SourceFile> sources) =>
        from source in sources
        from type in source.Types
        from word in Words(SourceFile.NameOf(type)).Where(Forbidden.Contains)
        select $"{SourceFile.At(type)}: {SourceFile.NameOf(type)}: {word}";

    /// <summary>PascalCase words: <c>HTTPBaseClient2</c> is HTTP, Base, Client and 2; <c>Baseline</c> is one word.</summary>
    public static IEnumerable<string> Words(string name) => Word().Matches(name).Select(match => match.Value);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
