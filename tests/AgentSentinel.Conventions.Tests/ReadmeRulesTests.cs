using System.Reflection;

namespace AgentSentinel.Conventions.Tests;

public sealed class ReadmeRulesTests
{
    private const string Readme = "src/README.md";

    private static readonly string[] Assemblies =
        [.. Repository.Files.Where(file => Repository.IsBelow(file, "src") && file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file => new ProjectFile(file, Repository.Read(file)))
            .Select(project => Path.Combine(AppContext.BaseDirectory, (project.Items("AssemblyName").FirstOrDefault()?.Value ?? project.Name) + ".dll"))];

    [Fact]
    public void Every_name_in_the_walk_along_the_line_exists()
    {
        Assert.True(Repository.Exists(Readme), $"{Readme} is missing: write the walk along the line.");
        Violations.AssertNone(
            ReadmeRules.UnknownNames(Repository.Read(Readme), [.. Assemblies.Select(Assembly.LoadFrom).SelectMany(assembly => assembly.GetTypes())]),
            $"{Readme} names in backticks what no assembly of src contains; correct the text:");
    }

    [Fact]
    public void Every_project_of_src_is_looked_at() =>
        Violations.AssertNone(Assemblies.Where(file => !File.Exists(file)).Select(file => Path.GetFileName(file)!), "These are not built with the conventions' tests; let Cli or this project refer to them:");

    [Theory]
    [InlineData("`SourceFile`, `SourceFile.Tree` and `SourceFile.NameOf()`")]
    [InlineData("`Dictionary<string, SourceFile>` `Conventions.Tests` `AgentSentinel.Conventions` `Tests.SourceFile`")]
    [InlineData("`JSON`, `src/Gone.cs`, `lower`, Gone, `sentinel run`")]
    [InlineData("```csharp\n`Gone`\n```")]
    public void What_exists_or_is_no_name_is_none(string markdown) => Assert.Empty(ReadmeRules.UnknownNames(markdown, Types));

    [Theory]
    [InlineData("`Gone`")]
    [InlineData("`SourceFile.Gone`")]
    [InlineData("`Gone<SourceFile>`")]
    [InlineData("`Gone.SourceFile`")]
    [InlineData("``Gone``")]
    [InlineData("```text\nx\n```\n and `Gone()`")]
    public void A_name_that_does_not_exist_is_found(string markdown) => Assert.Single(ReadmeRules.UnknownNames(markdown, Types));

    private static Type[] Types => [.. typeof(SourceFile).Assembly.GetTypes(), typeof(Dictionary<,>)];
}
