using System.Buffers;

namespace AgentSentinel.Core.Detectors;

/// <summary>Tells a statement of a language that machines carry out from words that are looked for: by its signs, or by the verb that a database's statement begins with.</summary>
internal static class StatementText
{
    private static readonly SearchValues<byte> Signs = SearchValues.Create("=;(){}*<>|&$"u8);

    private static readonly string[] Verbs = ["select", "insert", "update", "delete", "merge", "drop", "alter", "create", "truncate", "grant", "revoke", "exec", "execute", "call"];

    public static bool Is(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8);
        if (text.ContainsAny(Signs))
        {
            return true;
        }

        var verb = text[..Math.Max(0, text.IndexOf((byte)' '))];
        foreach (var known in Verbs)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(verb, known))
            {
                return true;
            }
        }

        return false;
    }
}
