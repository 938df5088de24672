using System.Globalization;

namespace AgentSentinel.Core.Response;

/// <summary>An agent that is not registered acted.</summary>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Time">Event time of the call.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
public sealed record AgentSeen(string AgentId, DateTimeOffset Time, DateTimeOffset RecordedAt)
    : JournalEntry(string.Create(CultureInfo.InvariantCulture, $"seen/{Uri.EscapeDataString(AgentId)}/{Time.UtcDateTime:yyyy-MM-dd}"), RecordedAt);
