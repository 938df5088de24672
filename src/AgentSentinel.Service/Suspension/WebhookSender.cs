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
    public async Task<AttemptOutcome> SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(message);
        return Judge(await _client.SendAsync(request, maxBodyBytes: 0, cancellationToken));
    }

    /// <summary>Asks how a message's matter stands, signed over an empty body.</summary>
    public async Task<OutboundResponse> GetAsync(Uri url, string id, int maxBytes, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        Sign(request, id, []);
        return await _client.SendAsync(request, maxBytes, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage CreateRequest(OutboxMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(message.Payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        Sign(request, message.Id, message.Payload.Span);
        return request;
    }

    private void Sign(HttpRequestMessage request, string id, ReadOnlySpan<byte> body)
    {
        var now = _time.GetUtcNow();
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_secrets, id, now, body));
    }

    private static AttemptOutcome Judge(OutboundResponse response) => response switch
    {
        { IsSuccess: true } => new AttemptOutcome(AttemptKind.Delivered, response.Status, response.Reason, response.Duration),
        { Status: 410 } => AttemptOutcome.Failure(response) with { Kind = AttemptKind.Disabled },
        _ => AttemptOutcome.Failure(response),
    };
}
