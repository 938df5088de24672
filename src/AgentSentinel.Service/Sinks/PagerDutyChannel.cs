using System.ComponentModel;
using System.Net.Http.Headers;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Sinks;

/// <summary>Options of <see cref="PagerDutyChannel"/>.</summary>
public sealed record PagerDutyOptions : IValidatedOptions
{
    /// <summary>File with the integration's key.</summary>
    [Description("File that holds the routing key of an Events API v2 integration, 32 characters. Empty: none.")]
    public string? RoutingKeyFile { get; init; }

    /// <summary>Where events are sent.</summary>
    [Description("Where events are sent; another one for the EU region.")]
    public string Url { get; init; } = "https://events.pagerduty.com/v2/enqueue";

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the target may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate() => RoutingKeyFile is null
        ? []
        : TargetUrl.Errors(nameof(Url), Url, AllowPrivateTargets).Concat(
            !SecretFile.TryRead(RoutingKeyFile, out var key, out var error) ? [$"RoutingKeyFile: {error}."]
            : key.Length != 32 || !key.All(char.IsAsciiLetterOrDigit) ? ["RoutingKeyFile: a routing key has 32 letters and digits."]
            : []);
}

/// <summary>PagerDuty. The incident's id is the key under which PagerDuty folds its events into one alert and resolves it.</summary>
internal sealed class PagerDutyChannel : IMessageChannel
{
    private readonly Uri _url;
    private readonly string _routingKey;
    private readonly string? _consoleUrl;
    private readonly OutboundClient _client;

    /// <param name="options">Checked options with PagerDuty on.</param>
    /// <param name="time">The clock of timeouts.</param>
    public PagerDutyChannel(SinkOptions options, TimeProvider time)
    {
        _url = new Uri(options.PagerDuty.Url);
        _routingKey = SecretFile.Read(options.PagerDuty.RoutingKeyFile!);
        _consoleUrl = options.ConsoleUrl;
        _client = new OutboundClient(options.PagerDuty.AllowPrivateTargets, options.Timeout, time);
    }

    public string Name => "pagerduty";

    public async Task<string?> SendAsync(IncidentMessage message, string? reference, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(PagerDutyEvent.Write(message, _routingKey, _consoleUrl)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        SinkException.ThrowIfNot(await _client.SendAsync(request, 0, cancellationToken));
        return null;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
