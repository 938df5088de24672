namespace AgentSentinel.Core.Registry;

/// <summary>Patterns in which * stands for any text, also none. Case matters, as it does in ids. Never allocates.</summary>
public static class Glob
{
    /// <summary>Whether a text fits a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
        {
            return pattern.SequenceEqual(text);
        }

        // What stands before the first star and after the last has its place; what is between stars is taken where it comes first.
        if (!text.StartsWith(pattern[..star]))
        {
            return false;
        }

        text = text[star..];
        for (pattern = pattern[(star + 1)..]; (star = pattern.IndexOf('*')) >= 0; pattern = pattern[(star + 1)..])
        {
            var at = text.IndexOf(pattern[..star]);
            if (at < 0)
            {
                return false;
            }

            text = text[(at + star)..];
        }

        return text.EndsWith(pattern);
    }

    /// <summary>
    /// Whether an agent's id fits a pattern. Here the * of a pattern in plain ASCII stands for ASCII only, so that an id with a letter from
    /// another alphabet, which looks like one of the family, is not taken for it. The pattern <c>*</c> alone is for everybody.
    /// </summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="agentId">The id.</param>
    public static bool MatchesId(ReadOnlySpan<char> pattern, ReadOnlySpan<char> agentId) =>
        Matches(pattern, agentId)
        && (System.Text.Ascii.IsValid(agentId) || !System.Text.Ascii.IsValid(pattern) || pattern.Trim('*').IsEmpty);

    /// <summary>Whether a text fits any of some patterns.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="text">The text.</param>
    public static bool MatchesAny(IReadOnlyList<string> patterns, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (Matches(patterns[i], text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an agent's id fits any of some patterns; see <see cref="MatchesId"/>.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="agentId">The id.</param>
    public static bool MatchesAnyId(IReadOnlyList<string> patterns, ReadOnlySpan<char> agentId)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (MatchesId(patterns[i], agentId))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is a pattern rather than a plain text.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPattern(string text) => text.Contains('*', StringComparison.Ordinal);
}
