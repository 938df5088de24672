using System.Globalization;
using System.Net.Http.Headers;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension;

/// <summary>Makes one attempt to deliver one message. Keeps no memory of messages; safe to call from several tasks.</summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly Uri _url;
    private readonly IReadOnlyList<WebhookSecret> _secrets;
    private readonly TimeProvider _time;
    private readonly OutboundClient _client;

    /// <summary>The options must have passed <see cref="WebhookOptions.Validate"/> and have a URL.</summary>
    public WebhookSender(WebhookOptions options, TimeProvider time)
    {
        _url = new Uri(options.Url ?? throw new ArgumentException("There is no URL to send to.", nameof(options)));
        _secrets = options.ReadSecrets();
        _time = time;
        _client = new OutboundClient(options.AllowPrivateTargets, options.Timeout, time);
    }

    /// <summary>Throws only when cancelled by the caller; whatever the network does is an outcome.</summary>
    public async Task<WebhookOutcome> SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(message);
        return Judge(await _client.SendAsync(request, maxBodyBytes: 0, cancellationToken));
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage CreateRequest(OutboxMessage message)
    {
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(message.Payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, message.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_secrets, message.Id, now, message.Payload.Span));
        return request;
    }

    private static WebhookOutcome Judge(OutboundResponse response)
    {
        var kind = response.Status switch
        {
            null => response.Reason == OutboundResponse.TargetNotAllowed ? WebhookOutcomeKind.Refused : WebhookOutcomeKind.Failed,
            >= 200 and < 300 => WebhookOutcomeKind.Delivered,
            410 => WebhookOutcomeKind.Disabled,
            429 or 502 or 504 => WebhookOutcomeKind.Throttled,
            >= 400 and < 500 => WebhookOutcomeKind.Rejected,
            _ => WebhookOutcomeKind.Failed,
        };
        return new WebhookOutcome(kind, response.Status, response.Reason, response.Duration, kind == WebhookOutcomeKind.Delivered ? null : response.RetryAfter);
    }
}
