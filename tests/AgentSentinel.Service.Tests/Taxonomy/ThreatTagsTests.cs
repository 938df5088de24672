using System.Text.RegularExpressions;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Taxonomy;

namespace AgentSentinel.Service.Tests.Taxonomy;

public sealed partial class ThreatTagsTests
{
    [Fact]
    public void Every_feature_of_every_detector_maps_to_each_taxonomy_family()
    {
        // A new detector whose features no rule knows: add a rule to threat-tags.json.
        var features = StandardDetectors.Create(new DetectorsOptions { DeclaredScope = new() { RequireApproval = true } }, FingerprintKey.FromSecret("a secret of the tests, long enough"u8)).SelectMany(d => d.Features, (d, f) => (d.Name, Feature: f.Name)).ToArray();
        Assert.NotEmpty(features);
        Assert.All(features, f => Assert.Superset(
            new HashSet<string> { "atlas", "owasp-agentic", "owasp-llm" },
            ThreatTags.Of(f.Name, f.Feature).Select(tag => tag.Taxonomy).ToHashSet()));
    }

    [Fact]
    public void A_new_tool_is_tool_misuse_and_a_new_resource_is_data_from_repositories()
    {
        Assert.Contains(ThreatTags.Of("novelty", "new_tools"), tag => tag is { Id: "AML.T0053", Version: "5.6.1" });
        Assert.Contains(ThreatTags.Of("novelty", "new_resources"), tag => tag is { Id: "T1213", TacticId: "TA0009", TacticName: "Collection" });
    }

    [Fact]
    public void Every_tag_carries_a_version_and_an_id_of_its_taxonomys_form() => Assert.All(ThreatTags.All, tag =>
    {
        Assert.Matches(@"^\d+(\.\d+)*$", tag.Version);
        Assert.StartsWith("https://", tag.Url, StringComparison.Ordinal);
        Assert.DoesNotContain('{', tag.Url);
        Assert.Matches(Form(tag.Taxonomy), tag.Id);
        Assert.Equal(tag.Taxonomy == "attack", tag.TacticId is not null);
        Assert.Equal(tag.Taxonomy == "attack" && tag.Id.Contains('.', StringComparison.Ordinal), tag.ParentName is not null);
    });

    [Fact]
    public void An_unknown_feature_maps_to_nothing() => Assert.Empty(ThreatTags.Of("unheard-of", "temperature"));

    private static Regex Form(string taxonomy) => taxonomy switch
    {
        "attack" => Attack(),
        "atlas" => Atlas(),
        "owasp-agentic" => Agentic(),
        _ => Llm(),
    };

    [GeneratedRegex(@"^T\d{4}(\.\d{3})?$")]
    private static partial Regex Attack();

    [GeneratedRegex(@"^AML\.T\d{4}(\.\d{3})?$")]
    private static partial Regex Atlas();

    [GeneratedRegex(@"^ASI(0[1-9]|10)$")]
    private static partial Regex Agentic();

    [GeneratedRegex(@"^LLM(0[1-9]|10)$")]
    private static partial Regex Llm();
}
