using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response.Policy;

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
    private const int MaxPartitions = 100_000;
    private const int MaxAgents = 1_000_000_000;

    // A time outside these would stop or overflow the engine's clock, which never goes back.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One entry as one JSON object without a newline.</summary>
    public static byte[] Write(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, JournalJsonContext.Strict.JournalEntry);

    /// <summary>One alert as one JSON object without a newline.</summary>
    public static byte[] Write(Alert alert) => JsonSerializer.SerializeToUtf8Bytes(alert, JournalJsonContext.Strict.Alert);

    /// <summary>One order as one JSON object without a newline.</summary>
    public static byte[] Write(SuspensionOrder order) => JsonSerializer.SerializeToUtf8Bytes(order, JournalJsonContext.Strict.SuspensionOrder);

    /// <summary>Evidence as one JSON array without a newline, as it stands in alerts.</summary>
    public static byte[] Write(IReadOnlyList<Evidence> evidence) => JsonSerializer.SerializeToUtf8Bytes(evidence, JournalJsonContext.Strict.IReadOnlyListEvidence);

    /// <summary>Reads what <see cref="Write(IReadOnlyList{Evidence})"/> wrote; empty when it is something else.</summary>
    /// <param name="json">A JSON array.</param>
    public static IReadOnlyList<Evidence> ReadEvidence(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JournalJsonContext.Strict.IReadOnlyListEvidence) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>One decision as one JSON object without a newline.</summary>
    public static byte[] Write(PolicyDecision decision) => JsonSerializer.SerializeToUtf8Bytes(decision, JournalJsonContext.Strict.PolicyDecision);

    /// <summary>Reads one entry.</summary>
    /// <param name="utf8">The record.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="error">Why it was refused, or null.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out JournalEntry? entry, out string? error)
    {
        try
        {
            entry = JsonSerializer.Deserialize(utf8, JournalJsonContext.Strict.JournalEntry);
            error = entry is null ? "null" : IsPossible(entry) ? null : "impossible_value";
            entry = error is null ? entry : null;
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

    private static bool IsPossible(JournalEntry entry) =>
        entry.RecordedAt >= Earliest && entry.RecordedAt < Latest && entry switch
        {
            // The id is what repeats are known by: it must not be able to say something else than the content it is derived from.
            AnomalyFound found => found.Id == found.Anomaly.Id && IsPossible(found.Anomaly.Evidence),
            FleetReport report => report.Partition is >= 0 and < MaxPartitions
                && report.Census.ActiveAgents is >= 0 and <= MaxAgents
                && report.Id == new FleetReport(report.Partition, report.Census, report.RecordedAt).Id,
            CredentialSeen seen => seen.Id == new CredentialSeen(seen.Sighting, seen.RecordedAt).Id && seen.Sighting.Credential.Length == 16,
            AgentSeen seen => seen.AgentId.Length > 0 && seen.Id == new AgentSeen(seen.AgentId, seen.Time, seen.RecordedAt).Id,
            DeliveryReport report => report.Attempts >= 0 && report.Id.Length > 0 && report.ResidualAccess is null or { Ticks: >= 0, TotalDays: < 36_500 },
            RegistryChange change => change.Id.Length > 0 && change.AgentId.Length > 0 && (change.Agent is null || (change.Agent.Id == change.AgentId && IsPossible(change.Agent))),
            _ => entry.Id.Length > 0,
        };

    // The reader lets a null stand in a list of texts.
    private static bool IsPossible(RegisteredAgent agent) =>
        (IReadOnlyList<string>[])[agent.Credentials, agent.Scope?.Tools ?? [], agent.Scope?.Resources ?? [], agent.Scope?.Actions ?? []] is var lists
        && Array.TrueForAll(lists, list => list.All(text => text is not null));

    // The reader takes 1e999 for infinity, which no writer would write again.
    private static bool IsPossible(Evidence evidence) =>
        double.IsFinite(evidence.Observed) && double.IsFinite(evidence.ExpectedLow) && double.IsFinite(evidence.ExpectedHigh)
        && double.IsFinite(evidence.Surprisal) && double.IsFinite(evidence.ReturnPeriodDays)
        && double.IsFinite(evidence.Score) && evidence.Score >= 0
        && (evidence.Parts is null || evidence.Parts.All(p => double.IsFinite(p.Surprisal)));
}
