using System.Text.Json;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Core.Response;

/// <summary>
/// The JSON of the journal, of alerts and of orders: snake_case, enumerations as text, strict when read.
/// </summary>
/// <remarks>
/// The journal is trusted but not believed: a record that is not one of ours is refused as a value, not by an exception,
/// so that one bad record cannot stop the response side.
/// </remarks>
public static class JournalJson
{
    /// <summary>One entry as one JSON object without a newline.</summary>
    public static byte[] Write(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, JournalJsonContext.Strict.JournalEntry);

    /// <summary>One alert as one JSON object without a newline.</summary>
    public static byte[] Write(Alert alert) => JsonSerializer.SerializeToUtf8Bytes(alert, JournalJsonContext.Strict.Alert);

    /// <summary>One order as one JSON object without a newline.</summary>
    public static byte[] Write(SuspensionOrder order) => JsonSerializer.SerializeToUtf8Bytes(order, JournalJsonContext.Strict.SuspensionOrder);

    /// <summary>Reads one entry.</summary>
    /// <param name="utf8">The record.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="error">Why it was refused, or null.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out JournalEntry? entry, out string? error)
    {
        try
        {
            entry = JsonSerializer.Deserialize(utf8, JournalJsonContext.Strict.JournalEntry);
            error = entry is null ? "null" : null;
            return entry is not null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // NotSupportedException: an entry without a known kind.
            entry = null;
            error = "not_a_journal_entry";
            return false;
        }
    }
}
