namespace AgentSentinel.Conventions.Tests;

public sealed class CoreLayerRulesTests
{
    private const string Project = "src/AgentSentinel.Core/AgentSentinel.Core.csproj";
    private static readonly SourceFile[] Core = [.. Repository.Sources.Where(source => source is { IsTest: false, Project: "AgentSentinel.Core" })];

    private static readonly (string, string) Upper = ("src/AgentSentinel.Core/Detectors/Upper.cs",
        "namespace AgentSentinel.Core.Detectors; public sealed class Upper { public static Upper Make() => new(); public static int Size => 1; }");

    private static readonly (string, string) Engine = ("src/AgentSentinel.Core/Engine.cs",
        "namespace AgentSentinel.Core; public sealed class Engine { public Detectors.Upper? Upper; public Events.Middle? Middle; }");

    [Fact]
    public void Folders_of_core_use_only_those_below_them() =>
        Violations.AssertNone(
            CoreLayerRules.Forbidden(new(Core)),
            "State ◄ Statistics; Events, State ◄ Windowing ◄ Detection ◄ {Detectors, Incidents ◄ Response}; Statistics ◄ {Detection, Detectors, Response}; the engines at the root use all. Move the type down, or hand in what it needs:");

    [Fact]
    public void Core_has_no_global_usings() =>
        Violations.AssertNone(CoreLayerRules.GlobalUsings(Core, new(Project, Repository.Read(Project))), "A global using hides who uses whom; write it into the files that need it:");

    [Theory]
    [InlineData("using AgentSentinel.Core.Detectors; namespace AgentSentinel.Core.Events; class Lower;")]
    [InlineData("using X = AgentSentinel.Core.Detectors.Upper; namespace AgentSentinel.Core.Events; class Lower { X? field; }")]
    [InlineData("using static AgentSentinel.Core.Detectors.Upper; namespace AgentSentinel.Core.Events; class Lower { int size = Size; }")]
    [InlineData("namespace AgentSentinel.Core.Events; class Lower { Detectors.Upper? field; }")]
    [InlineData("namespace AgentSentinel.Core.Events; class Lower { int Size() => global::AgentSentinel.Core.Detectors.Upper.Size; }")]
    [InlineData("namespace AgentSentinel.Core.Events; class Lower { void Use(Engine engine) { var hidden = engine.Upper; } }")]
    [InlineData("namespace AgentSentinel.Core.Events; class Lower { Dictionary<string, Detectors.Upper[]>? field; }")]
    [InlineData("namespace AgentSentinel.Core.Events; class Lower { string text = nameof(Engine); }")]
    public void Every_way_to_use_a_folder_above_is_found(string text) =>
        Assert.NotEmpty(CoreLayerRules.Forbidden(SourceCompilation.Of(Upper, Engine, ("src/AgentSentinel.Core/Events/Lower.cs", text))));

    [Fact]
    public void The_engines_and_comments_may_name_every_folder() =>
        Assert.Empty(CoreLayerRules.Forbidden(SourceCompilation.Of(
            Upper, Engine, ("src/AgentSentinel.Core/Events/Middle.cs", "namespace AgentSentinel.Core.Events; /** <see cref=\"Detectors.Upper\"/> */ public sealed class Middle;"))));

    [Fact]
    public void A_generic_type_is_followed_without_end_by_nobody() =>
        Assert.Empty(CoreLayerRules.Forbidden(SourceCompilation.Of((
            "src/AgentSentinel.Core/Events/Table.cs",
            "namespace AgentSentinel.Core.Events; interface IPiece<T>; sealed class Table<T> where T : class, IPiece<T> { T? Find(Table<T> other) => other.Find(this); }"))));

    [Fact]
    public void A_folder_nobody_has_placed_is_found() =>
        Assert.Single(CoreLayerRules.Forbidden(SourceCompilation.Of(("src/AgentSentinel.Core/Stray/A.cs", "namespace AgentSentinel.Core.Stray; class A;"))));

    [Fact]
    public void A_global_using_is_found_in_code_and_in_the_project() =>
        Assert.Equal(2, CoreLayerRules.GlobalUsings(
            [new("src/AgentSentinel.Core/A.cs", "global using System.Text;")],
            new(Project, """<Project><ItemGroup><Using Include="System.Text" /></ItemGroup></Project>""")).Count());

    [Fact]
    public void What_core_offers_is_documented() =>
        Violations.AssertNone(new SourceCompilation(Core).Undocumented(), "Say what it means, its units and ranges, and what null means; if the compiler let this pass, .editorconfig lost CS1591 for Core:");

    [Fact]
    public void A_public_member_without_documentation_is_found() =>
        Assert.Single(SourceCompilation.Of(("src/AgentSentinel.Core/A.cs", "namespace AgentSentinel.Core; /** <summary>A.</summary> */ public sealed class A { public int B; int C; }")).Undocumented());
}
