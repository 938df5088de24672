using System.Buffers;
using System.Text.Json;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Suspension;

/// <summary>A suspension order as a Standard Webhook: <c>{"type","timestamp","data"}</c>, serialised once.</summary>
internal static class SuspensionWebhook
{
    // Standard Webhooks asks for payloads under about 20 KB; the evidence is what could grow.
    private const int MostEvidence = 8;

    public const string SuspendType = "agent.suspension.requested";
    public const string LiftType = "agent.reinstated";

    private const string LiftSuffix = "_lift";

    /// <summary>The suspension that an order's id belongs to: a lift's has a suffix.</summary>
    public static string SuspensionIdOf(string orderId) => orderId.EndsWith(LiftSuffix, StringComparison.Ordinal) ? orderId[..^LiftSuffix.Length] : orderId;

    public static OutboxMessage Of(SuspensionOrder order)
    {
        var type = order.Action == SuspensionAction.Suspend ? SuspendType : LiftType;
        var body = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", order.Time);
            json.WritePropertyName("data");
            json.WriteRawValue(JournalJson.Write(order with { Evidence = [.. order.Evidence.Take(MostEvidence)] }));
            json.WriteEndObject();
        }

        return new OutboxMessage
        {
            Id = order.MessageId,
            Subject = order.AgentId,
            Kind = type,
            Payload = body.WrittenMemory,
            CreatedAt = order.Time,
            NextAttemptAt = order.Time,
        };
    }
}
