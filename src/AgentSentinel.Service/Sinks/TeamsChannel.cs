using System.ComponentModel;
using System.Net.Http.Headers;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Sinks;

/// <summary>Options of <see cref="TeamsChannel"/>.</summary>
public sealed record TeamsOptions : IValidatedOptions
{
    /// <summary>File with the workflow's URL.</summary>
    [Description("File that holds the URL of a Workflows webhook (\"Post to a channel when a webhook request is received\"). Empty: none.")]
    public string? WorkflowUrlFile { get; init; }

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the target may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate() => WorkflowUrlFile is null
        ? []
        : SecretFile.TryRead(WorkflowUrlFile, out var url, out var error)
            ? TargetUrl.Errors(nameof(WorkflowUrlFile), url, AllowPrivateTargets)
            : [$"WorkflowUrlFile: {error}."];
}

/// <summary>Microsoft Teams through a workflow. A workflow cannot update what it posted: each change of an incident is a card.</summary>
internal sealed class TeamsChannel : IMessageChannel
{
    private readonly Uri _url;
    private readonly string? _consoleUrl;
    private readonly IAlertChart? _chart;
    private readonly OutboundClient _client;

    /// <param name="options">Checked options with Teams on.</param>
    /// <param name="chart">Draws the picture; null: none is sent.</param>
    /// <param name="time">The clock of timeouts.</param>
    public TeamsChannel(SinkOptions options, IAlertChart? chart, TimeProvider time)
    {
        _url = new Uri(SecretFile.Read(options.Teams.WorkflowUrlFile!));
        _consoleUrl = options.ConsoleUrl;
        _chart = chart;
        _client = new OutboundClient(options.Teams.AllowPrivateTargets, options.Timeout, time);
    }

    public string Name => "teams";

    public async Task<string?> SendAsync(IncidentMessage message, string? reference, CancellationToken cancellationToken)
    {
        var png = _chart is null ? null : await _chart.DrawAsync(message.Latest, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(TeamsCard.Write(message, _consoleUrl, png)) };
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
