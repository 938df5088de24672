namespace AgentSentinel.Conventions.Tests;

/// <summary>Which project may know which, and what every project file must leave alone.</summary>
internal static class ProjectRules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["AgentSentinel.Core"] = [],
        ["AgentSentinel.MachineLearning"] = ["AgentSentinel.Core"],
        ["AgentSentinel.Service"] = ["AgentSentinel.Core", "AgentSentinel.MachineLearning"],
        ["AgentSentinel.Web"] = ["AgentSentinel.Core", "AgentSentinel.MachineLearning", "AgentSentinel.Service"],
        ["AgentSentinel.Simulator"] = ["AgentSentinel.Core"],
        ["AgentSentinel.Cli"] =
            ["AgentSentinel.Core", "AgentSentinel.MachineLearning", "AgentSentinel.Service", "AgentSentinel.Simulator", "AgentSentinel.Web"],
    };

    /// <summary>What Directory.Build.props decides for all, and a single project could weaken.</summary>
    private static readonly string[] DecidedForAll =
        ["AnalysisLevel", "EnforceCodeStyleInBuild", "ImplicitUsings", "InvariantGlobalization", "LangVersion", "Nullable", "TargetFramework", "TreatWarningsAsErrors", "WarningsNotAsErrors"];

    /// <summary>Test projects that mirror no project: they are about all of them.</summary>
    private static readonly string[] AboutAll = ["AgentSentinel.Benchmarks", "AgentSentinel.Conventions.Tests"];

    public static IEnumerable<string> ForbiddenReferences(IEnumerable<ProjectFile> projects) =>
        from project in projects.Where(project => !project.IsTest)
        let allowed = Allowed.GetValueOrDefault(project.Name)
        from reference in allowed is null ? ["(a project without a line in ProjectRules.Allowed)"] : project.References.Except(allowed)
        select $"{project.Path} → {reference}";

    public static IEnumerable<string> PackagesOfCore(IEnumerable<ProjectFile> projects) =>
        from project in projects.Where(project => project.Name == "AgentSentinel.Core")
        from package in project.Packages
        select $"{project.Path} → {package}";

    public static IEnumerable<string> WithoutMirror(IReadOnlyCollection<ProjectFile> projects)
    {
        var products = projects.Where(project => !project.IsTest).Select(project => project.Name).ToHashSet();
        var tests = projects.Where(project => project.IsTest).Select(project => project.Name).Except(AboutAll).ToHashSet();
        return products.Where(product => !tests.Contains(product + ".Tests")).Select(product => $"src/{product} has no tests/{product}.Tests")
            .Concat(tests.Where(test => !test.EndsWith(".Tests", StringComparison.Ordinal) || !products.Contains(test[..^".Tests".Length])).Select(test => $"tests/{test} mirrors no project in src"));
    }

    public static IEnumerable<string> OutsideTheSolution(IEnumerable<ProjectFile> projects, string solution) =>
        projects.Where(project => !solution.Contains(project.Path.Replace('/', '\\'), StringComparison.Ordinal)).Select(project => project.Path);

    public static IEnumerable<string> MisplacedOrHidingConsole(IEnumerable<ProjectFile> projects) =>
        projects.Where(project => project.Name.StartsWith("AgentSentinel.Console", StringComparison.Ordinal)
                || project.Path != $"{project.Path.Split('/')[0]}/{project.Name}/{project.Name}.csproj")
            .Select(project => project.Path);

    public static IEnumerable<string> Weakened(IEnumerable<ProjectFile> projects) =>
        from project in projects
        from name in DecidedForAll
        where project.Items(name).Any()
        select $"{project.Path}: {name}";

    /// <summary>Whether the build gives both pure projects the list of what would make them impure. Reads Directory.Build.props.</summary>
    public static IEnumerable<string> WithoutBannedSymbols(string buildProps, params IEnumerable<string> pureProjects)
    {
        var groups = new ProjectFile("Directory.Build.props", buildProps).Items("ItemGroup")
            .Where(group => group.Elements().Any(item => ((string?)item.Attribute("Include"))?.EndsWith("BannedSymbols.txt", StringComparison.Ordinal) == true)
                && group.Elements().Any(item => (string?)item.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers"))
            .Select(group => (string?)group.Attribute("Condition") ?? "")
            .ToArray();
        return pureProjects.Where(project => !groups.Any(condition => condition.Length == 0 || condition.Contains($"'{project}'", StringComparison.Ordinal)));
    }
}
