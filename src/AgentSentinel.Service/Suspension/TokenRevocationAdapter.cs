using System.ComponentModel;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension;

/// <summary>Options of <see cref="TokenRevocationAdapter"/>.</summary>
public sealed record TokenRevocationOptions : IValidatedOptions
{
    /// <summary>Revocation endpoint.</summary>
    [Description("Revocation endpoint of the authorisation server. https, or http to loopback with AllowPrivateTargets.")]
    public string Url { get; init; } = "";

    /// <summary>Introspection endpoint.</summary>
    [Description("Introspection endpoint (RFC 7662) where a revocation is read back. Empty: it cannot be verified.")]
    public string? IntrospectionUrl { get; init; }

    /// <summary>Client id.</summary>
    [Description("OAuth client id of the token's holder.")]
    public string ClientId { get; init; } = "";

    /// <summary>File with the client's secret.</summary>
    [Description("File that holds the OAuth client secret.")]
    public string ClientSecretFile { get; init; } = "";

    /// <summary>Type of the tokens.</summary>
    [Description("What the tokens are: refresh_token or access_token.")]
    public string TokenTypeHint { get; init; } = "refresh_token";

    /// <summary>Agents.</summary>
    [Description("The agents whose token a gateway keeps; Target is the file that holds it, read when it is revoked.")]
    public AgentTargetOptions[] Agents { get; init; } = [];

    /// <summary>Timeout.</summary>
    [Description("How long one request may take.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the server may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate() =>
        TargetUrl.Errors(nameof(Url), Url, AllowPrivateTargets)
            .Concat(IntrospectionUrl is null ? [] : TargetUrl.Errors(nameof(IntrospectionUrl), IntrospectionUrl, AllowPrivateTargets))
            .Concat(ClientId.Length == 0 ? ["ClientId: is needed."] : [])
            .Concat(SecretFile.Errors(nameof(ClientSecretFile), ClientSecretFile))
            .Concat(TokenTypeHint is "refresh_token" or "access_token" ? [] : ["TokenTypeHint: refresh_token or access_token."])
            .Concat(AgentTargetOptions.Errors(nameof(Agents), Agents))
            .Concat(Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5) ? ["Timeout: must be more than 0 and at most 5 minutes."] : []);
}

/// <summary>OAuth token revocation (RFC 7009). What is revoked stays revoked: a lift restores nothing here, the agent needs a new token.</summary>
internal sealed class TokenRevocationAdapter : ISuspensionAdapter
{
    private const int MaxResponseBytes = 64 * 1024;

    private readonly TokenRevocationOptions _options;
    private readonly OutboundClient _client;
    private readonly AuthenticationHeaderValue _authorization;

    /// <param name="name">See <see cref="ISuspensionAdapter.Name"/>.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="time">The clock.</param>
    public TokenRevocationAdapter(string name, TokenRevocationOptions options, TimeProvider time)
    {
        Name = name;
        _options = options;
        _client = new OutboundClient(options.AllowPrivateTargets, options.Timeout, time);
        var pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(SecretFile.Read(options.ClientSecretFile))}";
        _authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
    }

    public string Name { get; }

    public OutboxMessage? MessageOf(SuspensionOrder order) =>
        AgentTargetOptions.Find(_options.Agents, order) is { } file ? AdapterOrder.MessageOf(order, Name, file) : null;

    public async Task<AttemptOutcome> ExecuteAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var order = AdapterOrder.Of(message);
        if (order.Action == SuspensionAction.Lift)
        {
            return new AttemptOutcome(AttemptKind.Delivered, null, "nothing_to_restore", TimeSpan.Zero) { ReadBack = ReadBack.NotVerifiable };
        }

        // Read now: the gateway refreshes it.
        if (!SecretFile.TryRead(order.Target, out var token, out _))
        {
            return new AttemptOutcome(AttemptKind.Failed, null, "token_file_unreadable", TimeSpan.Zero);
        }

        var response = await PostAsync(_options.Url, token, cancellationToken);
        if (response.Status != 200)
        {
            return AttemptOutcome.Failure(response);
        }

        // A resource that validates access tokens by itself honours them until they expire: how long is not ours to know.
        var done = new AttemptOutcome(AttemptKind.Delivered, response.Status, response.Reason, response.Duration) { ReadBack = ReadBack.NotVerifiable };
        return _options.IntrospectionUrl is { } url ? await ReadBackAsync(url, token, done, cancellationToken) : done;
    }

    public void Dispose() => _client.Dispose();

    private async Task<AttemptOutcome> ReadBackAsync(string url, string token, AttemptOutcome done, CancellationToken cancellationToken)
    {
        var response = await PostAsync(url, token, cancellationToken);
        if (response.Status != 200)
        {
            return AttemptOutcome.Failure(response, "read_back_");
        }

        var duration = done.Duration + response.Duration;
        return IsActive(response) switch
        {
            false => done with { Duration = duration, ReadBack = ReadBack.Verified },
            true => new AttemptOutcome(AttemptKind.Failed, response.Status, "contradicted", duration) { ReadBack = ReadBack.Contradicted },
            null => new AttemptOutcome(AttemptKind.Failed, response.Status, "read_back_unreadable", duration),
        };
    }

    private async Task<OutboundResponse> PostAsync(string url, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", _options.TokenTypeHint)]) };
        request.Headers.Authorization = _authorization;
        return await _client.SendAsync(request, MaxResponseBytes, cancellationToken);
    }

    private static bool? IsActive(OutboundResponse response)
    {
        try
        {
            using var json = JsonDocument.Parse(response.Body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("active", out var active)
                ? active.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
