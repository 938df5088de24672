namespace AgentSentinel.Core.Tests.Detectors.Scenarios;

/// <summary>What people write, drawn from a generator: names, addresses, numbers, sentences.</summary>
internal static class Prose
{
    private static readonly string[] Words =
    [
        "the", "a", "and", "to", "of", "for", "please", "we", "our", "team", "meeting", "project", "report", "update", "review", "budget", "service", "customer", "order",
        "server", "error", "login", "password", "release", "invoice", "payment", "plan", "next", "week", "today", "monday", "question", "thanks", "regards", "draft", "figures",
        "schedule", "offer", "contract", "account", "change", "issue", "version", "test", "failed", "again", "office", "travel", "hotel", "flight", "data", "table", "notes",
    ];

    private static readonly string[] Syllables = ["an", "bel", "cor", "da", "el", "fin", "gar", "hol", "is", "jo", "ka", "lin", "mar", "nor", "or", "pet", "ro", "sa", "tim", "ul", "vin", "wes"];

    private static readonly string[] Companies = ["acme", "globex", "initech", "umbra", "hooli", "stark", "wayne", "soylent", "tyrell", "cyber"];

    public static string Sentence(Random random, int words = 12) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)])) + ".";

    public static string Text(Random random, int sentences) => string.Join(' ', Enumerable.Range(0, sentences).Select(_ => Sentence(random, random.Next(6, 16))));

    public static string Name(Random random) => string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => Syllables[random.Next(Syllables.Length)]));

    public static string Mail(Random random) => $"{Name(random)}.{Name(random)}@{Companies[random.Next(Companies.Length)]}.example";

    public static string Host(Random random) => $"{Name(random)}-{Name(random)}.example";

    public static string Url(Random random) => $"https://www.{Host(random)}/{Name(random)}/{random.Next(1000)}";

    public static string Iban(Random random) => $"DE{random.NextInt64(10_000_000_000, 99_999_999_999)}{random.NextInt64(100_000_000, 999_999_999)}";

    /// <summary>As people write it: in groups of four.</summary>
    public static string Grouped(string iban) => string.Join(' ', iban.Chunk(4).Select(group => new string(group)));
}
