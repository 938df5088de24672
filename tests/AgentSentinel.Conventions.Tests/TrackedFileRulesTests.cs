namespace AgentSentinel.Conventions.Tests;

public sealed class TrackedFileRulesTests
{
    [Fact]
    public void No_file_refers_to_a_place_outside_the_repository() =>
        Violations.AssertNone(
            TrackedFileRules.OutsidePaths(Repository.Files.Select(file => (file, Repository.Read(file)))),
            "These exist on one machine only; use a path inside the repository, an option or a temporary folder:");

    [Fact]
    public void No_file_is_large() =>
        Violations.AssertNone(
            TrackedFileRules.TooLarge(Repository.Files.Select(file => (file, new FileInfo(Path.Combine(Repository.Root, file)).Length))),
            "Keep files under 1 MB; data of tests lies in tests/data:");

    [Theory]
    [InlineData("cat ../sh", "ared/design.md")]
    [InlineData("../../../sh", "ared/x")]
    [InlineData("path = \"/", "home/someone/x\"")]
    [InlineData("/", "root/.config")]
    [InlineData("cd /", "work/main")]
    [InlineData("(/", "Users/someone)")]
    [InlineData("C:\\", "Users\\someone")]
    public void A_place_of_one_machine_is_found(string first, string second) =>
        Assert.StartsWith("a.md:2: ", Assert.Single(TrackedFileRules.OutsidePaths([("a.md", $"line\n{first}{second}\n")])), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://example.org/", "home/page")]
    [InlineData("src/", "root/x")]
    [InlineData("\0/", "home/someone")]
    [InlineData("../", "src/A")]
    public void An_address_a_relative_path_and_a_binary_are_none(string first, string second) => Assert.Empty(TrackedFileRules.OutsidePaths([("a.md", first + second)]));

    [Fact]
    public void A_large_file_is_found_outside_of_the_data_of_tests() =>
        Assert.Equal(["a.bin: 1000001 bytes"], TrackedFileRules.TooLarge([("a.bin", 1_000_001), ("b.bin", 1_000_000), ("tests/data/c.bin", 9_000_000)]));
}
