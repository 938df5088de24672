namespace AgentSentinel.Conventions.Tests;

public sealed class NameRulesTests
{
    private const string WhatToDo = "Name what it does. A helper lives with its only user; with two users it has found its name:";

    [Fact]
    public void No_file_or_folder_has_a_name_that_says_nothing() => Violations.AssertNone(NameRules.EmptyWordsInPaths(Repository.Files), WhatToDo);

    [Fact]
    public void No_type_has_a_name_that_says_nothing() => Violations.AssertNone(NameRules.EmptyWordsInTypes(Repository.Sources), WhatToDo);

    [Theory]
    [InlineData("src/A/StringUtils.cs", 1)]
    [InlineData("src/A/Common/Misc.cs", 2)]
    [InlineData("src/A/HTTPBaseClient.cs", 1)]
    [InlineData("notebooks/helpers.py", 1)]
    [InlineData("src/A/Baseline.cs", 0)]
    [InlineData("src/A/Database/UncommonTool.cs", 0)]
    [InlineData("tests/data/common/base.json", 0)]
    public void An_empty_word_is_found_in_a_path_and_a_longer_word_is_not(string path, int count) => Assert.Equal(count, NameRules.EmptyWordsInPaths([path]).Count());

    [Theory]
    [InlineData("namespace A; static class ToolHelper;")]
    [InlineData("namespace A; class B { enum CommonKind; }")]
    [InlineData("namespace A; interface IWindowManager;")]
    [InlineData("namespace A; record struct DetectorBase<T>;")]
    [InlineData("namespace A; delegate void MiscCall();")]
    public void An_empty_word_is_found_in_a_type(string text) => Assert.Single(NameRules.EmptyWordsInTypes([new("src/A/A.cs", text)]));
}
