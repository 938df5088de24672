using AgentSentinel.Service.Options;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Tests.Options;

public sealed class OptionsDocumentTests
{
    [Fact]
    public void Every_key_has_its_type_value_default_and_description()
    {
        var rows = OptionsDocument.Describe(new SampleOptions { Name = "other", Wait = TimeSpan.FromMinutes(2) });

        Assert.Contains(new OptionsRow("Name", "text", "other", "sentinel", "A text."), rows);
        Assert.Contains(new OptionsRow("Wait", "duration", "2m", "90s", "How long."), rows);
        Assert.Contains(new OptionsRow("Schedule", "list of duration", "0s, 5m", "0s, 5m", ""), rows);
        Assert.Contains(new OptionsRow("Settings", "map of text", "kept=1", "kept=1", ""), rows);
        Assert.Contains(new OptionsRow("Since", "time", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", ""), rows);
        Assert.Contains(new OptionsRow("Section:Smallest", "integer", "2", "2", ""), rows);
        Assert.Contains(rows, row => row is { Key: "Day", Type: "one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday" });
        Assert.DoesNotContain(rows, row => row.Key == "Twice");
    }

    [Fact]
    public void A_secret_that_is_set_is_masked_and_one_that_is_not_is_empty()
    {
        var rows = OptionsDocument.Describe(new SampleOptions { Password = "hunter2", Section = new() { Token = "hunter2" } });

        Assert.Contains(rows, row => row is { Key: "Password", Value: "***", Default: "" });
        Assert.Contains(rows, row => row is { Key: "Section:Token", Value: "***" });
        Assert.DoesNotContain(rows, row => row.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_map_of_sections_shows_its_entries_or_how_one_would_look()
    {
        Assert.Contains(OptionsDocument.Describe(new SampleOptions()), row => row is { Key: "Sections:<name>:Largest", Default: "10" });
        Assert.Contains(
            OptionsDocument.Describe(new SampleOptions { Sections = { ["one"] = new() { Largest = 5 } } }),
            row => row is { Key: "Sections:one:Largest", Value: "5", Default: "10" });
    }

    [Fact]
    public void A_section_that_is_not_there_has_defaults_and_no_values() =>
        Assert.Contains(OptionsDocument.Describe(new SampleOptions()), row => row is { Key: "Optional:Largest", Value: "", Default: "10" });

    [Fact]
    public void What_is_shown_for_a_single_value_can_be_read_back()
    {
        var value = new SampleOptions { Wait = TimeSpan.FromTicks(12_345_678_901), Since = new(2026, 1, 31, 8, 0, 0, 125, TimeSpan.FromHours(-5)), Ratio = 1.0 / 3, IsOn = true };
        var shown = OptionsDocument.Describe(value)
            .Where(row => row.Value is not ("" or "***") && !row.Type.Contains(" of ", StringComparison.Ordinal) && !row.Key.Contains('<', StringComparison.Ordinal))
            .Select(row => KeyValuePair.Create(row.Key, (string?)row.Value));

        var read = OptionsReader.Read<SampleOptions>(new ConfigurationBuilder().AddInMemoryCollection(shown).Build());

        Assert.Empty(read.Errors);
        Assert.Equal((value.Wait, value.Since, value.Ratio, value.IsOn), (read.Value!.Wait, read.Value.Since, read.Value.Ratio, read.Value.IsOn));
    }
}
