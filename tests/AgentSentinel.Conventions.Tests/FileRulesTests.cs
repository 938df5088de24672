namespace AgentSentinel.Conventions.Tests;

public sealed class FileRulesTests
{
    [Fact]
    public void No_file_is_longer_than_one_can_hold_in_mind() =>
        Violations.AssertNone(
            FileRules.TooLong(Repository.Files
                .Where(file => Repository.IsBelow(file, "src", "tests") && Path.GetExtension(file) is ".cs" or ".razor")
                .Select(file => (file, Repository.Read(file)))),
            "Split these by responsibility:");

    [Fact]
    public void A_long_file_is_found_and_tests_may_be_longer() =>
        Assert.Equal(
            ["src/A/A.cs: 401 lines, at most 400", "tests/A/B.cs: 601 lines, at most 600"],
            FileRules.TooLong([("src/A/A.cs", Lines(401)), ("src/A/Ok.cs", Lines(400)), ("tests/A/Ok.cs", Lines(401)), ("tests/A/B.cs", Lines(601))]));

    [Fact]
    public void A_folder_is_a_namespace() => Violations.AssertNone(FileRules.WrongNamespace(Repository.Sources), "Change the namespace or move the file:");

    [Fact]
    public void A_namespace_that_is_not_its_folder_is_found() =>
        Assert.Equal(
            ["src/A.B/C/D.cs:1: A.B, expected A.B.C"],
            FileRules.WrongNamespace([new("src/A.B/C/D.cs", "namespace A.B;"), new("src/A.B/E.cs", "namespace A.B;")]));

    [Fact]
    public void Namespaces_are_file_scoped() => Violations.AssertNone(FileRules.NotFileScoped(Repository.Sources), "Write 'namespace X;' once, at the top:");

    [Fact]
    public void A_namespace_with_braces_and_a_type_without_a_namespace_are_found() =>
        Assert.Equal(2, FileRules.NotFileScoped([new("src/A/A.cs", "namespace A { class B; }"), new("src/A/C.cs", "class C;")]).Count());

    [Fact]
    public void No_file_has_regions() => Violations.AssertNone(FileRules.Regions(Repository.Sources), "Remove the region; if the file needs one, split it:");

    [Fact]
    public void A_region_is_found() => Assert.Equal(["src/A/A.cs:2"], FileRules.Regions([new("src/A/A.cs", "namespace A;\n#region B\n#endregion\n")]));

    [Fact]
    public void A_file_holds_one_public_type() =>
        Violations.AssertNone(FileRules.SeveralPublicTypes(Repository.Sources), "Give each public type its file; only its options may share it:");

    [Fact]
    public void A_second_public_type_is_found_and_options_are_not() =>
        Assert.Equal(["src/A/B.cs: B, C"], FileRules.SeveralPublicTypes([
            new("src/A/B.cs", "namespace A; public class B; public enum C; class D;"),
            new("src/A/E.cs", "namespace A; public class E { public class Nested; } public record EOptions;"),
        ]));

    [Fact]
    public void A_file_is_named_after_a_type_in_it() =>
        Violations.AssertNone(FileRules.NotNamedAfterAType(Repository.Sources), "Rename the file or the type:");

    [Fact]
    public void A_file_with_another_name_is_found() =>
        Assert.Equal(["src/A/B.cs: holds C", "src/A/D.cs: holds E"], FileRules.NotNamedAfterAType([
            new("src/A/B.cs", "namespace A; public class C; class B;"),
            new("src/A/D.cs", "namespace A; class E;"),
            new("src/A/F.Part.cs", "namespace A; public partial class F<T>;"),
            new("src/A/H.cs", "namespace A; public record HOptions; class H;"),
            new("src/A/IOptions.cs", "namespace A; public record IOptions; class I;"),
            new("src/A/Program.cs", "Run(); class G;"),
        ]));

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("//\n", count));
}
