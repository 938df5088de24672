namespace AgentSentinel.Core.Response.Policy;

/// <summary>One rule.</summary>
/// <param name="Name">Its name, which stands in every decision.</param>
/// <param name="When">When it applies.</param>
/// <param name="Then">What it asks for.</param>
public sealed record PolicyRule(string Name, PolicyConditions When, ResponseStep Then)
{
    /// <summary>How long a first suspension lasts; null for what the options say.</summary>
    public TimeSpan? Duration { get; init; }
}
