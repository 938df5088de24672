using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentSentinel.Core.Detection;

namespace AgentSentinel.Service.Taxonomy;

/// <summary>
/// What detectors and features map to in MITRE ATT&amp;CK, MITRE ATLAS and OWASP's lists. The mapping is data: <c>threat-tags.json</c>, where the first
/// rule that fits a detector and feature decides.
/// </summary>
public static class ThreatTags
{
    // First: the fields below are made with it.
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Document Data = Load();
    private static readonly Dictionary<string, ThreatTag> Tags = Data.Tags.ToDictionary(tag => tag.Key, tag => Resolve(tag.Key, tag.Value));

    /// <summary>Every tag that there is.</summary>
    public static IReadOnlyCollection<ThreatTag> All => Tags.Values;

    /// <summary>The tags of a detector's feature; none when no rule knows it.</summary>
    public static IReadOnlyList<ThreatTag> Of(string detector, string feature) =>
        Data.Rules.FirstOrDefault(rule => FileSystemName.MatchesSimpleExpression(rule.Detector, detector) && FileSystemName.MatchesSimpleExpression(rule.Feature, feature)) is { } rule
            ? [.. rule.Tags.Select(id => Tags[id])]
            : [];

    /// <summary>The tags of all evidence together, each once, those of the strongest evidence first.</summary>
    public static IReadOnlyList<ThreatTag> Of(IEnumerable<Evidence> evidence) => [.. evidence.SelectMany(e => Of(e.Detector, e.Feature)).Distinct()];

    private static ThreatTag Resolve(string id, TagEntry entry)
    {
        var taxonomy = Data.Taxonomies[entry.Taxonomy];
        return new ThreatTag(
            entry.Taxonomy,
            taxonomy.Name,
            taxonomy.Version,
            id,
            entry.Name,
            taxonomy.Url.Replace("{path}", id.Replace('.', '/'), StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal),
            entry.Tactic,
            entry.Tactic is null ? null : Data.Tactics[entry.Tactic],
            entry.Parent);
    }

    private static Document Load()
    {
        using var stream = typeof(ThreatTags).Assembly.GetManifestResourceStream("threat-tags.json")!;
        return JsonSerializer.Deserialize<Document>(stream, Strict)!;
    }

    private sealed record Document(
        Dictionary<string, TaxonomyEntry> Taxonomies, Dictionary<string, string> Tactics, Dictionary<string, TagEntry> Tags, IReadOnlyList<Rule> Rules);

    private sealed record TaxonomyEntry(string Name, string Version, string Url);

    private sealed record TagEntry(string Taxonomy, string Name, string? Tactic = null, string? Parent = null);

    private sealed record Rule(string Detector, string Feature, IReadOnlyList<string> Tags);
}
