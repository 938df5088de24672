using System.Diagnostics;

namespace AgentSentinel.Conventions.Tests;

/// <summary>The repository these tests run in. Paths are relative to its root and use slashes.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Files that git tracks or would track, so that a rule speaks up before the commit; without those deleted but not yet committed.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Git("ls-files", "--cached", "--others", "--exclude-standard", "-z").Split('\0').Where(file => file.Length > 0 && Exists(file)).Distinct()];

    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. Files.Where(file => IsBelow(file, "src", "tests") && file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => new SourceFile(file, Read(file)))];

    public static SourceCompilation Product { get; } = new([.. Sources.Where(source => !source.IsTest)]);

    public static bool Exists(string file) => File.Exists(Path.Combine(Root, file));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool IsBelow(string file, params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (file.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentSentinel.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests read the repository they were built in; AgentSentinel.sln was not found above them.");
    }

    private static string Git(params ReadOnlySpan<string> arguments)
    {
        // The clone of a build machine may belong to another user.
        var start = new ProcessStartInfo("git", ["-C", Root, "-c", "safe.directory=*", .. arguments]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments!)} failed with exit code {git.ExitCode}.");
    }
}
