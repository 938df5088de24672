namespace AgentSentinel.Service.History;

/// <summary>Which page of a list.</summary>
/// <param name="Size">Most rows; more than <see cref="MostRows"/> are never given.</param>
/// <param name="After">What the page before gave as <see cref="Page{T}.Next"/>; null for the first page.</param>
public sealed record PageRequest(int Size = 50, string? After = null)
{
    /// <summary>Most rows of a page.</summary>
    public const int MostRows = 500;
}
