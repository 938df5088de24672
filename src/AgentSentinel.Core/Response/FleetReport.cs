using System.Globalization;
using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Response;

/// <summary>How many agents of a partition were active lately.</summary>
/// <param name="Partition">The partition of the tool-call topic.</param>
/// <param name="Census">The count.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
public sealed record FleetReport(int Partition, FleetCensus Census, DateTimeOffset RecordedAt)
    : JournalEntry(string.Create(CultureInfo.InvariantCulture, $"fleet/{Partition}/{Census.Time.UtcDateTime:yyyy-MM-dd'T'HH'Z'}"), RecordedAt);
