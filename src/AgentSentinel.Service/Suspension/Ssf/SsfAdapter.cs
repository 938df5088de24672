using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension.Ssf;

/// <summary>
/// Tells a receiver of Shared Signals by signed Security Event Tokens, one event each, pushed (RFC 8935). The receiver decides what it does about
/// them and cannot be asked: an accepted token is all that is known.
/// </summary>
internal sealed class SsfAdapter : ISuspensionAdapter
{
    private const int MaxResponseBytes = 16 * 1024;

    private readonly string _issuer;
    private readonly SsfReceiverOptions _receiver;
    private readonly TokenSigner _signer;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly TimeProvider _time;
    private readonly OutboundClient _client;

    /// <param name="name">See <see cref="ISuspensionAdapter.Name"/>.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="receiver">The receiver among them.</param>
    /// <param name="time">The clock.</param>
    public SsfAdapter(string name, SsfOptions options, SsfReceiverOptions receiver, TimeProvider time)
    {
        Name = name;
        _issuer = options.Issuer!;
        _receiver = receiver;
        _time = time;
        _signer = TokenSigner.Load(options.SigningKeyFile!, null);
        _authorization = receiver.AuthorizationFile is { } file ? AuthenticationHeaderValue.Parse(SecretFile.Read(file)) : null;
        _client = new OutboundClient(receiver.AllowPrivateTargets, receiver.Timeout, time);
    }

    public string Name { get; }

    public OutboxMessage? MessageOf(SuspensionOrder order) =>
        AgentTargetOptions.Find(_receiver.Agents, order) is { } target ? AdapterOrder.MessageOf(order, Name, target) : null;

    public async Task<AttemptOutcome> ExecuteAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var order = AdapterOrder.Of(message);
        var started = _time.GetTimestamp();
        var status = 0;
        foreach (var told in SecurityEvent.Of(order))
        {
            var subject = new JsonObject { ["format"] = "iss_sub", ["iss"] = _receiver.SubjectIssuer, ["sub"] = order.Target };
            var claims = told.ClaimsOf(_issuer, _receiver.Audience, subject, order.IncidentId ?? order.SuspensionId, message.Id, _time.GetUtcNow());
            var response = await PushAsync(claims, cancellationToken);
            if (!response.IsSuccess)
            {
                return Judge(response) with { Duration = _time.GetElapsedTime(started) };
            }

            status = response.Status!.Value;
        }

        return new AttemptOutcome(AttemptKind.Delivered, status, "accepted", _time.GetElapsedTime(started)) { ReadBack = ReadBack.NotVerifiable };
    }

    /// <summary>Sends the event by which a receiver sees that the stream works.</summary>
    /// <param name="state">What the receiver wants echoed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<OutboundResponse> VerifyAsync(string? state, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"verification/{Name}/{now.UtcTicks}");
        var subject = new JsonObject { ["format"] = "opaque", ["id"] = _receiver.StreamId };
        return await PushAsync(SecurityEvent.OfVerification(state).ClaimsOf(_issuer, _receiver.Audience, subject, id, id, now), cancellationToken);
    }

    public void Dispose()
    {
        _signer.Dispose();
        _client.Dispose();
    }

    private async Task<OutboundResponse> PushAsync(JsonObject claims, CancellationToken cancellationToken)
    {
        var token = _signer.Sign(SecurityEvent.TokenType, JsonSerializer.SerializeToUtf8Bytes(claims));
        using var request = new HttpRequestMessage(HttpMethod.Post, _receiver.Url) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(token)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/secevent+jwt");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = _authorization;
        return await _client.SendAsync(request, MaxResponseBytes, cancellationToken);
    }

    /// <summary>A 400 with an error of RFC 8935 is about the token itself and will not change; anything else may.</summary>
    private static AttemptOutcome Judge(OutboundResponse response) =>
        response.Status == 400 && ErrorOf(response) is { } error
            ? new AttemptOutcome(AttemptKind.Final, response.Status, $"set_{error}", response.Duration)
            : AttemptOutcome.Failure(response);

    private static string? ErrorOf(OutboundResponse response)
    {
        try
        {
            using var json = JsonDocument.Parse(response.Body);
            var error = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("err", out var err) && err.ValueKind == JsonValueKind.String ? err.GetString() : null;

            // Only words of the specification: what the other side makes up has no end.
            return error is "invalid_request" or "invalid_key" or "invalid_issuer" or "invalid_audience" or "authentication_failed" or "access_denied" or "invalid_state" ? error : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
