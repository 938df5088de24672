using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentSentinel.Service.Api;

/// <summary>A word of an enumeration in a query, spelled as in JSON; numbers are none.</summary>
/// <param name="Value">What it means.</param>
internal readonly record struct Word<T>(T Value) : IParsable<Word<T>>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Known = Enum.GetValues<T>().ToDictionary(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()), StringComparer.Ordinal);

    public static Word<T> Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var word) ? word : throw new FormatException();

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Word<T> result)
    {
        var isKnown = Known.TryGetValue(s ?? "", out var value);
        result = new Word<T>(value);
        return isKnown;
    }
}
