using System.Collections.Frozen;

namespace AgentSentinel.Core.Events;

/// <summary>Guesses from a tool's name what it does, for producers that do not say.</summary>
/// <remarks>
/// The name's words are looked up from left to right and the first verb decides: <c>crm.export_contacts</c> reads, <c>getRoles</c> reads.
/// Nouns that tell something (<c>email</c>, <c>permission</c>, <c>role</c>, <c>admin</c>) and words that may be either (<c>book</c>, <c>schedule</c>) stand for a
/// verb where none follows. They yield to any verb (<c>email.search</c> and <c>book.search</c> read), a noun of administration only to reading (<c>roles.list</c> reads,
/// <c>role.update</c> administrates): what changes rights must not pass as an ordinary write.
/// A guess from a small table, in English: a tool catalogue or the producer's own word is better and wins.
/// </remarks>
internal static class ToolActionNames
{
    private const int MaxWord = 16;

    private static readonly FrozenDictionary<string, ToolAction> Verbs = Table(
        (ToolAction.Read, "get list read search query fetch describe export find lookup view show count download check select browse summarize inspect scan peek retrieve"),
        (ToolAction.Write, "create update put insert write add set upload edit modify append save rename move copy patch replace upsert import merge push assign apply archive register reschedule reject"),
        (ToolAction.Delete, "delete remove drop purge erase destroy truncate clear cancel wipe uninstall terminate unregister"),
        (ToolAction.Execute, "run execute deploy exec invoke launch restart eval install reserve buy purchase redeem trigger"),
        (ToolAction.Send, "send post publish share pay transfer invite forward reply notify submit refund withdraw wire donate broadcast"),
        (ToolAction.Admin, "grant revoke suspend enable disable authorize impersonate configure elevate unlock reset approve"));

    private static readonly FrozenDictionary<string, ToolAction> Nouns = Table(
        (ToolAction.Send, "email emails tweet deposit"),
        (ToolAction.Write, "schedule commit change close manage"),
        (ToolAction.Execute, "book"),
        (ToolAction.Admin, "permission permissions role roles admin"));

    /// <summary>What a tool of this name probably does.</summary>
    /// <param name="tool">The tool's name; words end at anything but a letter, and where <c>camelCase</c> or <c>HTTPGet</c> does.</param>
    /// <returns><see cref="ToolAction.Unknown"/> when no word tells. Cost: linear in the name; the decoder keeps the answer with the name.</returns>
    internal static ToolAction Infer(ReadOnlySpan<char> tool)
    {
        var verbs = Verbs.GetAlternateLookup<ReadOnlySpan<char>>();
        var nouns = Nouns.GetAlternateLookup<ReadOnlySpan<char>>();
        ToolAction noun = ToolAction.Unknown;
        while (TryTakeWord(ref tool, out ReadOnlySpan<char> word))
        {
            if (word.Length > MaxWord)
            {
                continue;
            }

            if (verbs.TryGetValue(word, out ToolAction verb))
            {
                return noun == ToolAction.Admin && verb != ToolAction.Read ? ToolAction.Admin : verb;
            }

            if (noun == ToolAction.Unknown)
            {
                nouns.TryGetValue(word, out noun);
            }
        }

        return noun;
    }

    private static bool TryTakeWord(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> word)
    {
        int start = 0;
        while (start < rest.Length && !char.IsLetter(rest[start]))
        {
            start++;
        }

        int end = start;
        while (end < rest.Length && char.IsLetter(rest[end]) && (end == start || !StartsWord(rest, end)))
        {
            end++;
        }

        word = rest[start..end];
        rest = rest[end..];
        return !word.IsEmpty;
    }

    // "getUser": a capital after a small letter. "HTTPGet": a capital before a small letter ends the run of capitals.
    private static bool StartsWord(ReadOnlySpan<char> text, int at) =>
        char.IsUpper(text[at])
        && (!char.IsUpper(text[at - 1]) || (at + 1 < text.Length && char.IsLower(text[at + 1])));

    private static FrozenDictionary<string, ToolAction> Table(params (ToolAction Action, string Words)[] rows) =>
        rows.SelectMany(row => row.Words.Split(' ').Select(word => (word, row.Action)))
            .ToFrozenDictionary(pair => pair.word, pair => pair.Action, StringComparer.OrdinalIgnoreCase);
}
