using System.ComponentModel;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Sinks;

/// <summary>Options of <see cref="SlackChannel"/>.</summary>
public sealed record SlackOptions : IValidatedOptions
{
    /// <summary>File with the URL of an incoming webhook.</summary>
    [Description("File that holds the URL of an incoming webhook. Such messages cannot be updated: each change of an incident is a message. Empty: none.")]
    public string? WebhookUrlFile { get; init; }

    /// <summary>File with a bot's token.</summary>
    [Description("File that holds a bot token (scopes chat:write, and files:write for pictures), used instead of a webhook: an incident is one message, updated, with its steps and picture in the thread. Empty: none.")]
    public string? TokenFile { get; init; }

    /// <summary>Channel for the bot.</summary>
    [Description("Id of the channel that the bot writes to.")]
    public string Channel { get; init; } = "";

    /// <summary>Base of the Web API.</summary>
    [Description("Base URL of the Web API; another one for GovSlack.")]
    public string ApiUrl { get; init; } = "https://slack.com/api/";

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the target may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    internal bool IsOn => WebhookUrlFile is not null || TokenFile is not null;

    /// <inheritdoc />
    public IEnumerable<string> Validate()
    {
        IEnumerable<string> errors = [];
        if (WebhookUrlFile is not null && TokenFile is not null)
        {
            errors = ["TokenFile: either a token or a webhook, not both."];
        }

        if (WebhookUrlFile is not null)
        {
            errors = errors.Concat(SecretFile.TryRead(WebhookUrlFile, out var url, out var error)
                ? TargetUrl.Errors(nameof(WebhookUrlFile), url, AllowPrivateTargets)
                : [$"WebhookUrlFile: {error}."]);
        }

        if (TokenFile is not null)
        {
            errors = errors.Concat(SecretFile.Errors(nameof(TokenFile), TokenFile))
                .Concat(TargetUrl.Errors(nameof(ApiUrl), ApiUrl, AllowPrivateTargets))
                .Concat(Channel.Length == 0 ? ["Channel: needed with TokenFile."] : []);
        }

        return errors;
    }
}

/// <summary>Slack, by an incoming webhook or as a bot.</summary>
internal sealed class SlackChannel : IMessageChannel
{
    private const int MaxResponseBytes = 256 * 1024;

    private readonly SlackOptions _slack;
    private readonly string? _consoleUrl;
    private readonly IAlertChart? _chart;
    private readonly OutboundClient _client;
    private readonly Uri? _webhook;
    private readonly AuthenticationHeaderValue? _token;

    /// <param name="options">Checked options with Slack on.</param>
    /// <param name="chart">Draws the picture; null: none is sent.</param>
    /// <param name="time">The clock of timeouts.</param>
    public SlackChannel(SinkOptions options, IAlertChart? chart, TimeProvider time)
    {
        _slack = options.Slack;
        _consoleUrl = options.ConsoleUrl;
        _chart = chart;
        _client = new OutboundClient(_slack.AllowPrivateTargets, options.Timeout, time);
        _webhook = _slack.WebhookUrlFile is { } url ? new Uri(SecretFile.Read(url)) : null;
        _token = _slack.TokenFile is { } token ? new AuthenticationHeaderValue("Bearer", SecretFile.Read(token)) : null;
    }

    public string Name => "slack";

    public async Task<string?> SendAsync(IncidentMessage message, string? reference, CancellationToken cancellationToken)
    {
        if (_webhook is not null)
        {
            using var request = Request(_webhook, SlackBlocks.Write(message, _consoleUrl, null, null));
            SinkException.ThrowIfNot(await _client.SendAsync(request, 0, cancellationToken));
            return null;
        }

        // chat.update asks for the channel's id as chat.postMessage returned it.
        var parts = reference?.Split(' ');
        using var answer = parts is [var channel, var ts]
            ? await CallAsync("chat.update", SlackBlocks.Write(message, _consoleUrl, channel, ts), cancellationToken)
            : await CallAsync("chat.postMessage", SlackBlocks.Write(message, _consoleUrl, _slack.Channel, null), cancellationToken);
        var updated = parts is null ? $"{Text(answer, "channel")} {Text(answer, "ts")}" : reference!;
        if (parts is null && _chart is not null && await _chart.DrawAsync(message.Latest, cancellationToken) is { } png)
        {
            try
            {
                await UploadAsync(png, message, updated.Split(' '), cancellationToken);
            }
            catch (SinkException)
            {
                // The message is out: to fail here would send it again, and a picture is not worth that.
            }
        }

        return updated;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Three calls: ask where to, put the bytes there, share the file in the message's thread.</summary>
    private async Task UploadAsync(byte[] png, IncidentMessage message, string[] place, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([new("filename", "incident.png"), new("length", png.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        using var slot = await CallAsync("files.getUploadURLExternal", form, cancellationToken);
        var target = Text(slot, "upload_url");
        if (TargetUrl.Errors("upload_url", target, _slack.AllowPrivateTargets).Any())
        {
            throw new SinkException("upload_target_refused", isTransient: false);
        }

        using var upload = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(png) };
        SinkException.ThrowIfNot(await _client.SendAsync(upload, 0, cancellationToken));
        var complete = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["files"] = new[] { new Dictionary<string, string> { ["id"] = Text(slot, "file_id"), ["title"] = IncidentText.TitleOf(message, 100) } },
            ["channel_id"] = place[0],
            ["thread_ts"] = place[1],
        });
        using var _ = await CallAsync("files.completeUploadExternal", Json(complete), cancellationToken);
    }

    private Task<JsonDocument> CallAsync(string method, byte[] body, CancellationToken cancellationToken) => CallAsync(method, Json(body), cancellationToken);

    private async Task<JsonDocument> CallAsync(string method, HttpContent content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(_slack.ApiUrl), method)) { Content = content };
        request.Headers.Authorization = _token;
        var response = await _client.SendAsync(request, MaxResponseBytes, cancellationToken);
        SinkException.ThrowIfNot(response);
        JsonDocument answer;
        try
        {
            answer = JsonDocument.Parse(response.Body);
        }
        catch (JsonException)
        {
            throw new SinkException("bad_response", isTransient: false);
        }

        // Errors come with status 200; their words are Slack's and not bounded, so they are not repeated.
        if (answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True)
        {
            return answer;
        }

        answer.Dispose();
        throw new SinkException("api_error", isTransient: false);
    }

    private static string Text(JsonDocument answer, string property) =>
        answer.RootElement.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Contains(' ', StringComparison.Ordinal)
            ? text
            : throw new SinkException("bad_response", isTransient: false);

    private static HttpRequestMessage Request(Uri target, byte[] body) => new(HttpMethod.Post, target) { Content = Json(body) };

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = Encoding.UTF8.WebName } } };
}
