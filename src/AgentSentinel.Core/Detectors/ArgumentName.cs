namespace AgentSentinel.Core.Detectors;

/// <summary>An argument of a tool, and what its name says of its values.</summary>
/// <param name="Fingerprint">Of tool and name.</param>
/// <param name="Name">The name, for evidence. Text from telemetry: data.</param>
/// <param name="IsCredential">It holds a credential.</param>
/// <param name="IsOrder">It is carried out: a command, a script.</param>
/// <param name="IsStatement">It may be carried out, or be what is looked for, a booking's number, a text.</param>
/// <param name="IsCommand">It is carried out by a shell: several commands may stand in it.</param>
/// <param name="SaysWho">It is who gets something: whatever else the call touches, it goes there.</param>
/// <param name="SaysWhere">It is a place that the call may go to.</param>
/// <param name="IsRecord">It says which record of which kind: <c>ticket_id</c>, but not <c>id</c> or <c>recipient_id</c>.</param>
/// <param name="Namesakes">Fingerprint of the name alone, which arguments of other tools share.</param>
/// <param name="IsProse">It is what somebody is to read.</param>
internal readonly record struct ArgumentName(
    ulong Fingerprint, string Name, bool IsCredential, bool IsOrder, bool IsStatement, bool IsCommand, bool SaysWho, bool SaysWhere, bool IsRecord = false, ulong Namesakes = 0, bool IsProse = false)
{
    private static readonly string[] CredentialWords = ["password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "apikey", "api_key", "private_key", "pin"];

    private static readonly HashSet<string> CommandWords = new(["command", "cmd", "script", "shell", "bash", "powershell"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> OrderWords = new(["sql", "python", "javascript"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> StatementWords = new(["query", "statement", "code", "program"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> PersonWords = new(
        [
            "to", "cc", "bcc", "recipient", "receiver", "addressee", "payee", "beneficiary", "attendee", "participant", "invitee", "guest", "member", "collaborator", "assignee",
            "username", "iban", "wallet",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> PlaceWords = new(
        [
            "user", "handle", "contact", "email", "mail", "address", "account", "phone", "channel", "room", "url", "uri", "link", "host", "hostname", "domain", "server", "endpoint", "webhook",
            "path", "file", "filename", "folder", "directory", "bucket", "remote", "repo", "repository", "target", "destination", "dest",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> ProseWords = new(
        ["body", "text", "message", "content", "comment", "note", "description", "summary", "subject", "title", "reason", "remark"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> RecordWords = new(["id", "uid", "uuid", "guid"], StringComparer.OrdinalIgnoreCase);

    /// <summary>A value that stands in no argument.</summary>
    public static ArgumentName None(ulong tool) => new(tool, "", IsCredential: false, IsOrder: false, IsStatement: false, IsCommand: false, SaysWho: false, SaysWhere: false);

    /// <summary>Its text may be carried out.</summary>
    public bool MayBeOrder => IsOrder || IsStatement;

    /// <summary>Whether a text of it is carried out.</summary>
    public bool IsOrderIn(ReadOnlySpan<byte> text) => IsOrder || (IsStatement && StatementText.Is(text));

    public static ArgumentName Of(string name)
    {
        var isCredential = false;
        foreach (var word in CredentialWords)
        {
            isCredential |= word.Length > 3 ? name.Contains(word, StringComparison.OrdinalIgnoreCase) : name.Equals(word, StringComparison.OrdinalIgnoreCase);
        }

        var isCommand = HasWord(name, CommandWords);
        var saysWho = HasWord(name, PersonWords);
        var isRecord = !saysWho && HasWord(name, RecordWords) && !RecordWords.Contains(name.TrimEnd('s', 'S'));
        return new ArgumentName(
            0, name, isCredential, isCommand || HasWord(name, OrderWords), HasWord(name, StatementWords), isCommand, saysWho, HasWord(name, PlaceWords), isRecord, IsProse: !saysWho && HasWord(name, ProseWords));
    }

    /// <summary>Whether one of the words that a name is made of, in whatever style and number, is one of those.</summary>
    private static bool HasWord(string name, HashSet<string> words)
    {
        for (var (begin, i) = (0, 0); i <= name.Length; i++)
        {
            var isEnd = i == name.Length || !char.IsAsciiLetter(name[i]);
            if (!isEnd && !(i > begin && char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1])))
            {
                continue;
            }

            if (words.Contains(name[begin..i]) || words.Contains(name[begin..i].TrimEnd('s', 'S')))
            {
                return true;
            }

            begin = isEnd ? i + 1 : i;
        }

        return false;
    }
}
