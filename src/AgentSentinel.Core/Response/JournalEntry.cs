using System.Text.Json.Serialization;

namespace AgentSentinel.Core.Response;

/// <summary>
/// One record of the journal: the single ordered log of what was found, what people commanded and what became of orders.
/// It is the response engine's only input and the audit trail.
/// </summary>
/// <param name="Id">Unique; an entry with an id that was seen before is ignored.</param>
/// <param name="RecordedAt">When it was written, by its writer's processing clock. The engine's clock is the latest of these.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AnomalyFound), "anomaly")]
[JsonDerivedType(typeof(OperatorCommand), "command")]
[JsonDerivedType(typeof(DeliveryReport), "delivery")]
[JsonDerivedType(typeof(FleetReport), "fleet")]
[JsonDerivedType(typeof(AgentSeen), "seen")]
[JsonDerivedType(typeof(RegistryChange), "registry")]
[JsonDerivedType(typeof(CredentialSeen), "credential")]
public abstract record JournalEntry(string Id, DateTimeOffset RecordedAt);
