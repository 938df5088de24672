using System.Globalization;
using AgentSentinel.Service.Options;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Tests.Options;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Nothing_configured_leaves_every_default() =>
        Assert.Equivalent(new SampleOptions(), Value(), strict: true);

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var value = Value(
            ("Name", "x"), ("IsOn", "TRUE"), ("Count", "42"), ("Limit", "-7"), ("Bytes", "9223372036854775807"), ("Ratio", "1e-6"), ("Day", "friday"),
            ("Wait", "2m"), ("Since", "2026-01-31T08:00:00+01:00"));

        Assert.Equal(("x", true, 42, -7, long.MaxValue, 1e-6), (value.Name, value.IsOn, value.Count, value.Limit, value.Bytes, value.Ratio));
        Assert.Equal((DayOfWeek.Friday, TimeSpan.FromMinutes(2)), (value.Day, value.Wait));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.FromHours(1)), value.Since);
    }

    [Fact]
    public void Keys_know_no_case() => Assert.Equal(5, Value(("section:SMALLEST", "5")).Section.Smallest);

    [Fact]
    public void A_culture_with_other_separators_changes_nothing()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "~");
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(-1.5, Value(("Ratio", "-1.5")).Ratio);
            Assert.Contains(OptionsDocument.Describe(new SampleOptions { Ratio = -1.5 }), row => row is { Key: "Ratio", Value: "-1.5" });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("30d", 2_592_000_000)]
    [InlineData("0", 0)]
    [InlineData("-2m", -120_000)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("01:30", 5_400_000)]
    public void A_duration_has_short_and_long_forms(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Value(("Wait", text)).Wait);

    [Theory]
    [InlineData("Count", "2147483648", "integer")]
    [InlineData("Count", "1,000", "integer")]
    [InlineData("Count", "1.0", "integer")]
    [InlineData("Count", " 1", "integer")]
    [InlineData("Count", "", "integer")]
    [InlineData("Bytes", "9223372036854775808", "integer")]
    [InlineData("Ratio", "NaN", "finite number")]
    [InlineData("Ratio", "Infinity", "finite number")]
    [InlineData("Ratio", "-∞", "finite number")]
    [InlineData("Ratio", "1e999", "finite number")]
    [InlineData("Ratio", "0,5", "finite number")]
    [InlineData("IsOn", "yes", "true or false")]
    [InlineData("Day", "Someday", "one of Sunday, Monday")]
    [InlineData("Day", "1", "one of Sunday, Monday")]
    [InlineData("Day", "Monday, Friday", "one of Sunday, Monday")]
    [InlineData("Wait", "5", "duration")]
    [InlineData("Wait", "5 s", "duration")]
    [InlineData("Wait", "5s\n", "duration")]
    [InlineData("Wait", "1e3s", "duration")]
    [InlineData("Wait", "99999999999999999999d", "duration")]
    [InlineData("Wait", "99999999999999999999999999999999999999d", "duration")]
    [InlineData("Wait", "٣s", "duration")]
    [InlineData("Since", "2026-01-31T08:00:00", "offset")]
    [InlineData("Since", "31/01/2026", "offset")]
    public void A_value_that_cannot_be_read_is_an_error_that_says_what_is_expected(string key, string text, string expected)
    {
        var error = Assert.Single(Errors((key, text)));

        Assert.Equal(key, error.Key);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_value_of_a_secret_is_never_repeated()
    {
        var error = Assert.Single(Errors(("Pin", "hunter2")));

        Assert.Equal("Pin", error.Key);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("integer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelled_key_is_an_error_with_the_key_that_was_meant()
    {
        Assert.Contains("did you mean Section:Smallest?", Assert.Single(Errors(("Section:Smalest", "1"))).Message, StringComparison.Ordinal);
        Assert.Contains("did you mean Password?", Assert.Single(Errors(("Pasword", "1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_the_wrong_section_is_found_where_it_belongs() =>
        Assert.Contains("did you mean Section:Largest?", Assert.Single(Errors(("Largest", "1"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Nonsense:Below:It")]
    [InlineData("Twice")]
    [InlineData("Section:Entirely")]
    public void An_unknown_key_is_an_error(string key) => Assert.Contains("Not a known key.", Assert.Single(Errors((key, "1"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_hostile_key_or_value_is_cut_and_made_printable()
    {
        var errors = Errors((new string('k', 1_000_000), "1"), ("a\u001b[31m\r\nb", "1"), ("Count", new string('9', 1_000_000)), ("Ratio", "\u001b]0;x\u0007"));

        Assert.Equal(4, errors.Count);
        Assert.All(errors, error => Assert.True(error.ToString().Length < 400));
        Assert.All(errors, error => Assert.DoesNotContain(error.ToString(), char.IsControl));
    }

    [Fact]
    public void Every_error_is_reported_at_once_and_rules_come_last()
    {
        var errors = Errors(("Count", "x"), ("Unknown", "1"), ("Ratio", "NaN"), ("Section:Smallest", "99"), ("Section:Pause", "-5s"), ("Optional:Largest", "0"));

        Assert.Equal(["Count", "Ratio", "Unknown", "Section", "Section:Pause", "Optional"], errors.Select(error => error.Key));
        Assert.Equal("must not be negative.", errors[4].Message);
    }

    [Fact]
    public void A_section_that_could_not_be_read_whole_is_not_judged() =>
        Assert.Equal("Section:Largest", Assert.Single(Errors(("Section:Smallest", "99"), ("Section:Largest", "x"))).Key);

    [Fact]
    public void A_range_may_be_said_by_an_attribute()
    {
        var error = Assert.Single(Errors(("Count", "101")));

        Assert.Equal("Count", error.Key);
        Assert.Contains("between 0 and 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_keeps_the_defaults_its_parent_gave_it()
    {
        var value = Value(("Section:Largest", "7"));

        Assert.Equal((2, 7), (value.Section.Smallest, value.Section.Largest));
    }

    [Fact]
    public void An_optional_section_exists_when_it_is_configured()
    {
        Assert.Null(Value().Optional);
        Assert.Equal(7, Value(("Optional:Largest", "7")).Optional?.Largest);
    }

    [Fact]
    public void A_list_replaces_its_default_and_keeps_its_order()
    {
        var value = Value([.. Enumerable.Range(0, 12).Select(i => ($"Sizes:{i}", (string?)$"{i * i}")), ("Tags:0", "z"), ("Schedule:0", "0"), ("Schedule:1", "1h")]);

        Assert.Equal(Enumerable.Range(0, 12).Select(i => i * i), value.Sizes);
        Assert.Equal(["z"], value.Tags);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(1)], value.Schedule);
    }

    [Fact]
    public void A_list_may_be_emptied() => Assert.Empty(Value(("Tags", "")).Tags);

    [Theory]
    [InlineData("Tags", "a,b", "Tags")]
    [InlineData("Tags:1", "gap", "Tags:1")]
    [InlineData("Tags:first", "x", "Tags:first")]
    [InlineData("Tags:00", "x", "Tags:00")]
    [InlineData("Tags:-1", "x", "Tags:-1")]
    [InlineData("Sizes:0", "x", "Sizes:0")]
    [InlineData("Tags:0:Below", "x", "Tags:0:Below")]
    public void A_list_that_is_none_is_an_error(string key, string text, string at) => Assert.Equal(at, Errors((key, text))[0].Key);

    [Fact]
    public void Entries_of_a_map_are_added_to_its_default()
    {
        var value = Value(("Settings:sasl.mechanism", "PLAIN"), ("Sections:one:Largest", "5"), ("Sections:two:Smallest", "0"));

        Assert.Equal(("1", "PLAIN"), (value.Settings["kept"], value.Settings["SASL.mechanism"]));
        Assert.Equal((5, 0), (value.Sections["one"].Largest, value.Sections["TWO"].Smallest));
    }

    [Fact]
    public void Errors_below_a_map_carry_its_key()
    {
        Assert.Equal("Sections:one:Largest", Assert.Single(Errors(("Sections:one:Largest", "x"))).Key);
        Assert.Equal("Sections:one", Assert.Single(Errors(("Sections:one:Largest", "-1"))).Key);
        Assert.Contains("did you mean Sections:one:Largest?", Assert.Single(Errors(("Sections:one:Larges", "1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_taken_where_there_may_be_none_only()
    {
        Assert.Null(Value(("Note", null)).Note);
        Assert.Null(Value(("Limit", null)).Limit);
        Assert.Equal("Name", Assert.Single(Errors(("Name", null))).Key);
        Assert.Equal("Count", Assert.Single(Errors(("Count", null))).Key);
    }

    [Fact]
    public void A_value_where_a_section_belongs_and_the_reverse_are_errors()
    {
        Assert.Contains("section", Assert.Single(Errors(("Section", "5"))).Message, StringComparison.Ordinal);
        Assert.Equal("Count:Deeper", Assert.Single(Errors(("Count:Deeper", "5"))).Key);
    }

    [Fact]
    public void A_shared_default_is_never_written_to()
    {
        Value(("Sections:one:Largest", "5"), ("Settings:kept", "2"), ("Section:Largest", "99"));

        Assert.Equivalent(new SampleOptions(), Value(), strict: true);
    }

    [Fact]
    public void A_property_that_cannot_be_configured_is_a_bug_and_throws() =>
        Assert.Throws<InvalidOperationException>(() => OptionsReader.Read<UnreadableOptions>(new ConfigurationBuilder().Build()));

    private static SampleOptions Value(params (string Key, string? Value)[] entries)
    {
        var result = Read(entries);
        Assert.Empty(result.Errors);
        return result.Value!;
    }

    private static IReadOnlyList<OptionsError> Errors(params (string Key, string? Value)[] entries)
    {
        var result = Read(entries);
        Assert.False(result.IsValid);
        return result.Errors;
    }

    private static OptionsResult<SampleOptions> Read((string Key, string? Value)[] entries) =>
        OptionsReader.Read<SampleOptions>(
            new ConfigurationBuilder().AddInMemoryCollection(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))).Build());

    private sealed record UnreadableOptions
    {
        public Uri? Target { get; init; }
    }
}
