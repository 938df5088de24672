using System.Text.Json;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Suspension;

/// <summary>What an adapter is to do, as it stands in the outbox.</summary>
/// <param name="SuspensionId">The suspension.</param>
/// <param name="Action">Suspend or lift.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Target">Who the agent is to the receiver, as it was configured when the order was given: its lift concerns the same identity.</param>
/// <param name="Time">When it was ordered.</param>
/// <param name="IncidentId">The incident, or null.</param>
/// <param name="DecidedBy">Who or what decided.</param>
/// <param name="Reason">Why. May quote telemetry: data.</param>
internal sealed record AdapterOrder(
    string SuspensionId, SuspensionAction Action, string AgentId, string Target, DateTimeOffset Time, string? IncidentId, string DecidedBy, string Reason)
{
    /// <summary>Between the order's id and the adapter's name in a message's id.</summary>
    public const char Separator = '@';

    public static OutboxMessage MessageOf(SuspensionOrder order, string adapter, string target) => new()
    {
        Id = $"{order.MessageId}{Separator}{adapter}",
        Adapter = adapter,
        Subject = order.AgentId,
        Kind = order.Action == SuspensionAction.Suspend ? SuspensionWebhook.SuspendType : SuspensionWebhook.LiftType,
        Payload = JsonSerializer.SerializeToUtf8Bytes(new AdapterOrder(
            order.SuspensionId, order.Action, order.AgentId, target, order.Time, order.IncidentId, order.DecidedBy, order.Reason)),
        CreatedAt = order.Time,
        NextAttemptAt = order.Time,
    };

    public static AdapterOrder Of(OutboxMessage message) =>
        JsonSerializer.Deserialize<AdapterOrder>(message.Payload.Span) ?? throw new InvalidOperationException("The outbox holds an order that says nothing.");

    /// <summary>The order's id: what the messages to all adapters have in common.</summary>
    public static string OrderIdOf(OutboxMessage message)
    {
        var end = message.Id.IndexOf(Separator, StringComparison.Ordinal);
        return end < 0 ? message.Id : message.Id[..end];
    }
}
