namespace AgentSentinel.Service.Suspension;

/// <summary>A request that reached the receiver.</summary>
/// <param name="Id">The webhook-id, or empty when the header is missing.</param>
/// <param name="Type">The body's <c>type</c>, or null when the body is no JSON object with one. Unverified unless the signature is valid.</param>
/// <param name="Body">The raw body.</param>
/// <param name="At">When it was received.</param>
/// <param name="SignatureValid">Whether it was signed with the receiver's secret within the tolerance.</param>
/// <param name="IsRepeat">Whether a request with this id was accepted before. An order must be carried out only when this is false.</param>
public sealed record ReceivedWebhook(string Id, string? Type, ReadOnlyMemory<byte> Body, DateTimeOffset At, bool SignatureValid, bool IsRepeat);
