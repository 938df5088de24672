using System.Text.Json;

namespace AgentSentinel.Cli.Policies;

/// <summary>The ground truth of one recorded call, as its <c>labels</c> tell. Read from the line itself: the decoder keeps it from every engine.</summary>
internal static class CallLabel
{
    /// <summary>Whether the call was part of an attack; null when the line does not say.</summary>
    /// <param name="line">A line that was decoded before: valid JSON, one object.</param>
    public static bool? IsBad(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLabels = reader.ValueTextEquals("labels"u8);
            reader.Read();
            if (isLabels && reader.TokenType == JsonTokenType.StartObject)
            {
                return OfLabels(ref reader);
            }

            reader.Skip();
        }

        return null;
    }

    private static bool? OfLabels(ref Utf8JsonReader reader)
    {
        bool? byCall = null, byKind = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isCall, isKind) = (reader.ValueTextEquals("attack_call"u8), reader.ValueTextEquals("kind"u8));
            reader.Read();
            byCall = isCall && reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.TokenType == JsonTokenType.True : byCall;
            byKind = isKind && reader.TokenType == JsonTokenType.String ? reader.ValueTextEquals("attack"u8) : byKind;
            reader.Skip();
        }

        // An attacked session also has calls that do what its user wants.
        return byCall ?? byKind;
    }
}
