using System.Text.RegularExpressions;

namespace AgentSentinel.Conventions.Tests;

/// <summary>What must not be in the repository: places of one machine, and large files.</summary>
internal static partial class TrackedFileRules
{
    private const long MaxBytes = 1_000_000;

    public static IEnumerable<string> OutsidePaths(IEnumerable<(string Path, string Text)> files) =>
        from file in files
        where !file.Text.AsSpan(0, Math.Min(file.Text.Length, 8000)).Contains('\0')
        from match in SharedFolder().Matches(file.Text).Concat(Repository.IsBelow(file.Path, "tests/data") ? [] : PersonalFolder().Matches(file.Text))
        select $"{file.Path}:{file.Text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}";

    public static IEnumerable<string> TooLarge(IEnumerable<(string Path, long Bytes)> files) =>
        from file in files
        where file.Bytes > MaxBytes && !Repository.IsBelow(file.Path, "tests/data")
        select $"{file.Path}: {file.Bytes} bytes";

    // Written so that this file does not match itself.
    [GeneratedRegex(@"\.\.[/\\]shared[/\\]", RegexOptions.CultureInvariant)]
    private static partial Regex SharedFolder();

    [GeneratedRegex(@"(?<![\w.~:/\\-])/(?:home|root|work|Users)/[\w.-]+|\b[A-Za-z]:\\Users\\\w+", RegexOptions.CultureInvariant)]
    private static partial Regex PersonalFolder();
}
