namespace AgentSentinel.Conventions.Tests;

public sealed class ProjectRulesTests
{
    private static readonly ProjectFile[] Projects =
        [.. Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new ProjectFile(file, Repository.Read(file)))];

    [Fact]
    public void Projects_know_only_those_below_them() =>
        Violations.AssertNone(ProjectRules.ForbiddenReferences(Projects), "Remove these references, or change the picture of the layers in src/README.md and ProjectRules.Allowed together:");

    [Fact]
    public void A_reference_upwards_is_found() =>
        Assert.Equal(
            ["src/AgentSentinel.Core/AgentSentinel.Core.csproj → AgentSentinel.Service"],
            ProjectRules.ForbiddenReferences([Project("src/AgentSentinel.Core", """<ProjectReference Include="..\AgentSentinel.Service\AgentSentinel.Service.csproj" />""")]));

    [Fact]
    public void A_project_nobody_has_placed_is_found() => Assert.Single(ProjectRules.ForbiddenReferences([Project("src/AgentSentinel.Stray", "")]));

    [Fact]
    public void Core_needs_the_base_class_library_only() =>
        Violations.AssertNone(ProjectRules.PackagesOfCore(Projects), "Core is pure; remove these packages, or mark them PrivateAssets=\"all\" if they are analyzers:");

    [Fact]
    public void A_package_of_core_is_found_unless_it_is_for_the_build_only() =>
        Assert.Equal(
            ["src/AgentSentinel.Core/AgentSentinel.Core.csproj → Bad"],
            ProjectRules.PackagesOfCore([Project("src/AgentSentinel.Core", """<PackageReference Include="Bad" /><PackageReference Include="Good" PrivateAssets="all" />""")]));

    [Fact]
    public void Every_project_has_its_tests_and_every_test_project_its_subject() =>
        Violations.AssertNone(ProjectRules.WithoutMirror(Projects), "Add the missing project to its side:");

    [Fact]
    public void A_project_without_tests_and_tests_without_a_project_are_found() =>
        Assert.Equal(2, ProjectRules.WithoutMirror([Project("src/AgentSentinel.Core", ""), Project("tests/AgentSentinel.Gone.Tests", "")]).Count());

    [Fact]
    public void Every_project_is_part_of_the_solution() =>
        Violations.AssertNone(ProjectRules.OutsideTheSolution(Projects, Repository.Read("AgentSentinel.sln")), "Add these projects with 'dotnet sln add', else nobody builds and tests them:");

    [Fact]
    public void A_project_outside_the_solution_is_found() => Assert.Single(ProjectRules.OutsideTheSolution([Project("src/AgentSentinel.Core", "")], "Project(...)"));

    [Fact]
    public void No_project_hides_the_console_or_lies_outside_its_folder() =>
        Violations.AssertNone(ProjectRules.MisplacedOrHidingConsole(Projects), "Rename these: AgentSentinel.Console would hide System.Console, and a project lies in a folder of its name below src or tests:");

    [Fact]
    public void A_project_called_console_is_found() => Assert.Single(ProjectRules.MisplacedOrHidingConsole([Project("src/AgentSentinel.Console", "")]));

    [Fact]
    public void No_project_weakens_what_holds_for_all() =>
        Violations.AssertNone(ProjectRules.Weakened(Projects), "Leave these to Directory.Build.props:");

    [Fact]
    public void A_project_with_warnings_that_are_no_errors_is_found() =>
        Assert.Single(ProjectRules.Weakened([Project("src/AgentSentinel.Core", "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>")]));

    [Fact]
    public void Pure_projects_have_their_banned_symbols() =>
        Violations.AssertNone(
            ProjectRules.WithoutBannedSymbols(Repository.Read("Directory.Build.props"), "AgentSentinel.Core", "AgentSentinel.Simulator"),
            "Directory.Build.props must give these projects BannedSymbols.txt and its analyzer:");

    [Fact]
    public void A_pure_project_without_banned_symbols_is_found() =>
        Assert.Equal(["AgentSentinel.Simulator"], ProjectRules.WithoutBannedSymbols(
            """
            <Project>
              <ItemGroup Condition="'$(MSBuildProjectName)' == 'AgentSentinel.Core'">
                <PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" /><AdditionalFiles Include="BannedSymbols.txt" />
              </ItemGroup>
            </Project>
            """,
            "AgentSentinel.Core",
            "AgentSentinel.Simulator"));

    private static ProjectFile Project(string folder, string items) => new($"{folder}/{folder.Split('/')[1]}.csproj", $"<Project><ItemGroup>{items}</ItemGroup></Project>");
}
