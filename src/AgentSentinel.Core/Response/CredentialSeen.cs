using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Response;

/// <summary>An agent used a credential for the first time: whether another agent uses it too can only be seen here.</summary>
/// <param name="Sighting">What was seen.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
public sealed record CredentialSeen(CredentialSighting Sighting, DateTimeOffset RecordedAt)
    : JournalEntry($"credential/{Sighting.Credential}/{Uri.EscapeDataString(Sighting.AgentId)}", RecordedAt);
