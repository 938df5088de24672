namespace AgentSentinel.Service.Options;

/// <summary>Finds the key that a mistyped one was meant to be.</summary>
internal static class KeySpelling
{
    /// <summary>The longest key worth a comparison: its cost is the product of both lengths.</summary>
    private const int MaxLength = 64;

    /// <summary>The nearest name, if it is near enough to be a misspelling: at most a third of it differs. Null otherwise.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        var nearest = known.Select(candidate => (Name: candidate, Distance: Distance(name, candidate))).MinBy(candidate => candidate.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(1, nearest.Name.Length / 3) ? nearest.Name : null;
    }

    /// <summary>Edits from one to the other, case ignored (Levenshtein 1966; two rows of the table).</summary>
    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        var current = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var isSame = char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (isSame ? 0 : 1));
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
