using System.Text.Json;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// The signed webhook: whoever stands behind it suspends. What became of it is read back from the receiver's status URL when there is one:
/// <c>{"state":"suspended"}</c> or <c>{"state":"active"}</c>.
/// </summary>
internal sealed class WebhookAdapter(WebhookOptions options, TimeProvider time) : ISuspensionAdapter
{
    public const string AdapterName = "webhook";

    private const int MaxStatusBytes = 16 * 1024;

    private readonly WebhookSender _sender = new(options, time);

    public string Name => AdapterName;

    public OutboxMessage? MessageOf(SuspensionOrder order) => SuspensionWebhook.Of(order);

    public async Task<AttemptOutcome> ExecuteAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var outcome = await _sender.SendAsync(message, cancellationToken);
        if (outcome.Kind != AttemptKind.Delivered)
        {
            return outcome;
        }

        if (options.StatusUrl is not { } template)
        {
            return outcome with { ReadBack = ReadBack.NotVerifiable };
        }

        var suspensionId = SuspensionWebhook.SuspensionIdOf(message.Id);
        var url = new Uri(template.Replace(WebhookOptions.SuspensionIdPlaceholder, Uri.EscapeDataString(suspensionId), StringComparison.Ordinal));
        var answer = await _sender.GetAsync(url, message.Id, MaxStatusBytes, cancellationToken);
        var expected = message.Kind == SuspensionWebhook.SuspendType ? "suspended" : "active";
        var duration = outcome.Duration + answer.Duration;
        return (answer.IsSuccess ? StateOf(answer) : null) switch
        {
            null => new AttemptOutcome(AttemptKind.Failed, answer.Status, answer.IsSuccess ? "status_unreadable" : $"status_{answer.Reason}", duration, answer.RetryAfter),
            var state when state == expected => outcome with { Duration = duration, ReadBack = ReadBack.Verified },
            _ => new AttemptOutcome(AttemptKind.Failed, answer.Status, "contradicted", duration) { ReadBack = ReadBack.Contradicted },
        };
    }

    public void Dispose() => _sender.Dispose();

    private static string? StateOf(OutboundResponse answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            var text = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("state", out var state) && state.ValueKind == JsonValueKind.String
                ? state.GetString()
                : null;
            return text is "suspended" or "active" ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
