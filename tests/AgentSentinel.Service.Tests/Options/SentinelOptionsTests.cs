using System.ComponentModel;
using System.Text.RegularExpressions;
using AgentSentinel.Service.Options;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Tests.Options;

public sealed partial class SentinelOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(OptionsReader.Read<SentinelOptions>(new ConfigurationBuilder().Build()).Errors);

    [Fact]
    public void Every_option_says_what_it_is_for() =>
        Assert.Empty(OptionsDocument.Describe(new SentinelOptions()).Where(row => row.Description.Length == 0).Select(row => row.Key));

    [Fact]
    public void Every_secret_is_marked_as_one() => Assert.Empty(UnmarkedSecrets(typeof(SentinelOptions)));

    [Fact]
    public void A_secret_nobody_marked_is_found() => Assert.Equal(["CarelessOptions.ApiToken"], UnmarkedSecrets(typeof(CarelessOptions)));

    [Fact]
    public void Every_rule_is_asked() => Assert.Empty(UnaskedRules(typeof(SentinelOptions)));

    [Fact]
    public void A_rule_nobody_asks_is_found() => Assert.Equal(["CarelessOptions"], UnaskedRules(typeof(CarelessOptions)));

    /// <summary>Texts that sound like secrets; files that hold one, and maps of raw settings, are told by their names too.</summary>
    private static IEnumerable<string> UnmarkedSecrets(Type root) =>
        from section in SectionsBelow(root)
        from property in OptionsProperty.Of(section)
        where !property.IsSecret && SoundsSecret().IsMatch(property.Name) && IsText(property.Shape)
        select $"{section.Name}.{property.Name}";

    /// <summary>Sections with a Validate() that is not the interface's: it would never run.</summary>
    private static IEnumerable<string> UnaskedRules(Type root) =>
        SectionsBelow(root).Where(section => section.GetMethod("Validate", []) is not null && !section.IsAssignableTo(typeof(IValidatedOptions))).Select(section => section.Name);

    private static IEnumerable<Type> SectionsBelow(Type section) =>
        OptionsProperty.Of(section).Select(property => property.Shape)
            .Select(shape => shape.Element ?? shape)
            .Where(shape => shape.Kind == OptionsKind.Section)
            .SelectMany(shape => SectionsBelow(shape.Type))
            .Prepend(section);

    private static bool IsText(OptionsShape shape) => (shape.Element ?? shape).Type == typeof(string);

    [GeneratedRegex("(Secret|Password|Token|ApiKey|SigningKey|Passphrase|ClientSetting)s?$", RegexOptions.CultureInvariant)]
    private static partial Regex SoundsSecret();

    private sealed record CarelessOptions
    {
        [PasswordPropertyText(true)]
        public string Password { get; init; } = "";

        [Description("A secret nobody marked.")]
        public string ApiToken { get; init; } = "";

        public string TokenFile { get; init; } = "";

        public int MaxToken { get; init; }

        public SampleSectionOptions Section { get; init; } = new();

        public static IEnumerable<string> Validate() => [];
    }
}
