using System.Buffers;
using System.ComponentModel;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Sinks;

/// <summary>Options of <see cref="ElasticSink"/>.</summary>
public sealed record ElasticOptions : IValidatedOptions
{
    /// <summary>Cluster.</summary>
    [Description("Base URL of Elasticsearch. https, or http to loopback with AllowPrivateTargets. Empty: none.")]
    public string? Url { get; init; }

    /// <summary>Data stream.</summary>
    [Description("Data stream or index that documents are created in.")]
    public string Index { get; init; } = "logs-agentsentinel.alerts-default";

    /// <summary>File with the API key.</summary>
    [Description("File that holds the encoded API key. Empty: none is sent.")]
    public string? ApiKeyFile { get; init; }

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether Url may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate() => Url is null
        ? []
        : TargetUrl.Errors(nameof(Url), Url, AllowPrivateTargets)
            .Concat(Index.Length == 0 || Index.Any(c => c is not ('.' or '-' or '_') && !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c))
                ? ["Index: lower-case letters, digits, '.', '-' and '_' only."] : [])
            .Concat(ApiKeyFile is null ? [] : SecretFile.Errors(nameof(ApiKeyFile), ApiKeyFile));
}

/// <summary>ECS documents through the bulk API, created under the alert's id: the same alert twice is one document.</summary>
internal sealed class ElasticSink : IAlertSink
{
    private const int MaxResponseBytes = 64 * 1024;

    private readonly Uri _url;
    private readonly string _index;
    private readonly AuthenticationHeaderValue? _key;
    private readonly string? _consoleUrl;
    private readonly OutboundClient _client;

    public ElasticSink(SinkOptions options, TimeProvider time)
    {
        _url = new Uri($"{options.Elastic.Url!.TrimEnd('/')}/_bulk");
        _index = options.Elastic.Index;
        _key = options.Elastic.ApiKeyFile is { } file ? new AuthenticationHeaderValue("ApiKey", SecretFile.Read(file)) : null;
        _consoleUrl = options.ConsoleUrl;
        _client = new OutboundClient(options.Elastic.AllowPrivateTargets, options.Timeout, time);
    }

    public string Name => "elastic";

    public async Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(BodyOf(alert)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        request.Headers.Authorization = _key;
        var response = await _client.SendAsync(request, MaxResponseBytes, cancellationToken);
        SinkException.ThrowIfNot(response);

        // 200 is the answer to the request; whether the document was taken is said inside. 409: it is there already.
        var status = StatusOf(response.Body);
        if (status is not (200 or 201 or 409))
        {
            throw new SinkException(status is null ? "bad_response" : $"item_{status}", isTransient: status is 429 or >= 500);
        }
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
            json.WriteStartObject("create");
            json.WriteString("_index", _index);
            json.WriteString("_id", alert.Id);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        buffer.Write(EcsDocument.Write(alert, _consoleUrl));
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static int? StatusOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("items")[0].GetProperty("create").GetProperty("status").GetInt32();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return null;
        }
    }
}
