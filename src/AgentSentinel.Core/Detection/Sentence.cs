using System.Globalization;

namespace AgentSentinel.Core.Detection;

/// <summary>Sentences for people with numbers in the invariant culture.</summary>
internal static class Sentence
{
    public static string Of(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
