namespace AgentSentinel.Core.Detection;

/// <summary>What stands behind a finding, in words and figures for people: see the properties of the same names of <see cref="Evidence"/>.</summary>
/// <param name="Caveat">Why the finding is to be taken with care, or null.</param>
/// <param name="Parts">What the surprisal is made of, largest first, or null.</param>
/// <param name="Counterfactual">The smallest change that would not have fired, or null.</param>
/// <param name="CausalChain">From the request to the action, or null.</param>
public readonly record struct EvidenceDetail(
    string? Caveat = null,
    IReadOnlyList<EvidencePart>? Parts = null,
    string? Counterfactual = null,
    IReadOnlyList<CausalLink>? CausalChain = null)
{
    /// <summary>Nothing beyond the finding itself.</summary>
    public static EvidenceDetail None => default;
}
