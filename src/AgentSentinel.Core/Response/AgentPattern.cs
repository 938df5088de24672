namespace AgentSentinel.Core.Response;

/// <summary>A pattern of agent ids in which * stands for any text, also none. Case matters, as it does in ids.</summary>
internal static class AgentPattern
{
    public static bool Matches(string pattern, string agentId)
    {
        // Greedy with one step back: linear in practice, never worse than the product of the lengths.
        var (p, a, star, resume) = (0, 0, -1, 0);
        while (a < agentId.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, a);
            }
            else if (p < pattern.Length && pattern[p] == agentId[a])
            {
                p++;
                a++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                a = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
