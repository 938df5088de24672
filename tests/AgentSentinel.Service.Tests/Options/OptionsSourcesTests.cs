using AgentSentinel.Service.Options;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Tests.Options;

public sealed class OptionsSourcesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_command_line_goes_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(_file, """{ "A": { "One": 1, "Two": 1, "Three": 1 } } // comments are fine""");

        var result = OptionsSources.Build(_file, [new("SENTINEL__A__Two", "2"), new("sentinel__A__Three", "2"), new("OTHER__A__One", "9")], [new("A:Three", "3")]);

        Assert.Equal(["1", "2", "3"], new[] { "A:One", "A:Two", "A:Three" }.Select(key => result.Value![key]));
    }

    [Fact]
    public void Without_a_file_the_environment_of_the_process_is_enough() => Assert.True(OptionsSources.Build(null, []).IsValid);

    [Fact]
    public void Of_an_override_said_twice_the_last_counts() =>
        Assert.Equal("2", OptionsSources.Build(null, [], [new("A:B", "1"), new("a:b", "2")]).Value!["A:B"]);

    [Fact]
    public void A_variable_said_twice_in_different_case_is_an_error() =>
        Assert.Equal("A:B", Assert.Single(OptionsSources.Build(null, [new("SENTINEL__A__B", "1"), new("SENTINEL__a__b", "2")], []).Errors).Key);

    [Theory]
    [InlineData("SENTINEL__")]
    [InlineData("SENTINEL____")]
    [InlineData("SENTINEL__Section__")]
    [InlineData("SENTINEL____Name")]
    public void A_variable_without_a_name_is_an_error_of_the_reader(string variable) =>
        Assert.NotEmpty(OptionsReader.Read<SampleOptions>(OptionsSources.Build(null, [new(variable, "1")], []).Value!).Errors);

    [Fact]
    public void A_missing_file_is_an_error()
    {
        var error = Assert.Single(OptionsSources.Build("nowhere.json", []).Errors);

        Assert.Equal("nowhere.json", error.Key);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_json_is_an_error_with_its_line_and_without_its_text()
    {
        File.WriteAllText(_file, "{\n  \"A\": 1,\n  \"Password\": hunter2\n}");

        var error = Assert.Single(OptionsSources.Build(_file, []).Errors);

        Assert.Contains("Line 3", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{ "A": 1, "a": 2 }""")]
    public void A_file_that_is_no_object_or_says_a_key_twice_is_an_error(string text)
    {
        File.WriteAllText(_file, text);

        Assert.Single(OptionsSources.Build(_file, []).Errors);
    }

    [Fact]
    public void Json_nested_without_end_is_an_error()
    {
        File.WriteAllText(_file, string.Concat(Enumerable.Repeat("{\"a\":", 100_000)));

        Assert.Single(OptionsSources.Build(_file, []).Errors);
    }

    [Fact]
    public void Empty_lists_and_sections_of_json_are_read_as_such()
    {
        File.WriteAllText(_file, """{ "Tags": [], "Section": {}, "Settings": {}, "Note": null, "IsOn": true, "Ratio": 1e-3 }""");

        var value = OptionsReader.Read<SampleOptions>(OptionsSources.Build(_file, [], []).Value!).Value!;

        Assert.Empty(value.Tags);
        Assert.Null(value.Note);
        Assert.Equal((2, true, 0.001), (value.Section.Smallest, value.IsOn, value.Ratio));
    }
}
