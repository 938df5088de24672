using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Response;

/// <summary>Detection found an anomaly.</summary>
/// <param name="Anomaly">The anomaly; its id is the entry's.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
/// <param name="Source">Topic, partition and offset of the record at which it was found, or null for a replay of a file.</param>
public sealed record AnomalyFound(Anomaly Anomaly, DateTimeOffset RecordedAt, string? Source = null)
    : JournalEntry(Anomaly.Id, RecordedAt);
