namespace AgentSentinel.Service.Taxonomy;

/// <summary>An entry of a public taxonomy of threats that an alert maps to: a hint for triage, no proof.</summary>
/// <param name="Taxonomy">Our short name: <c>attack</c>, <c>atlas</c>, <c>owasp-agentic</c> or <c>owasp-llm</c>.</param>
/// <param name="TaxonomyName">The taxonomy's own name.</param>
/// <param name="Version">Its version: ids are renumbered between versions.</param>
/// <param name="Id">The entry's id, such as <c>T1567.004</c>.</param>
/// <param name="Name">The entry's name.</param>
/// <param name="Url">Where it is explained.</param>
/// <param name="TacticId">The ATT&amp;CK tactic, or null.</param>
/// <param name="TacticName">Its name, or null.</param>
/// <param name="ParentName">Name of the technique that a sub-technique belongs to, or null.</param>
public sealed record ThreatTag(
    string Taxonomy,
    string TaxonomyName,
    string Version,
    string Id,
    string Name,
    string Url,
    string? TacticId,
    string? TacticName,
    string? ParentName)
{
    /// <summary>As one word: <c>atlas:AML.T0086:5.6.1</c>.</summary>
    public string Label => $"{Taxonomy}:{Id}:{Version}";
}
