using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Outbound;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Sinks;

/// <summary>OCSF findings as signed Standard Webhooks.</summary>
internal sealed class OcsfWebhookSink : IAlertSink
{
    private readonly Uri _url;
    private readonly IReadOnlyList<WebhookSecret> _secrets;
    private readonly string? _consoleUrl;
    private readonly TimeProvider _time;
    private readonly OutboundClient _client;

    public OcsfWebhookSink(SinkOptions options, TimeProvider time)
    {
        _url = new Uri(options.Ocsf.WebhookUrl!);
        _secrets = options.Ocsf.ReadSecrets();
        _consoleUrl = options.ConsoleUrl;
        _time = time;
        _client = new OutboundClient(options.Ocsf.AllowPrivateTargets, options.Timeout, time);
    }

    public string Name => "ocsf-webhook";

    public async Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        // The alert's id may hold what a signed id must not, a dot: not ours to choose for incidents that others may name one day.
        var id = alert.Id.Replace('.', '-');
        var body = BodyOf(alert);
        var now = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_secrets, id, now, body.Span));
        SinkException.ThrowIfNot(await _client.SendAsync(request, 0, cancellationToken));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private ReadOnlyMemory<byte> BodyOf(Alert alert)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", alert.Kind switch { AlertKind.Opened => "alert.created", AlertKind.Closed => "alert.closed", _ => "alert.updated" });
            json.WriteString("timestamp", alert.Time);
            json.WritePropertyName("data");
            json.WriteRawValue(OcsfFinding.Write(alert, _consoleUrl));
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
