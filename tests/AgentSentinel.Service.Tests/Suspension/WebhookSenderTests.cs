using System.Net;
using System.Net.Sockets;
using AgentSentinel.Service.Suspension;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class WebhookSenderTests
{
    private readonly FakeTimeProvider _time = new(SomeWebhook.Time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_request_carries_the_raw_body_its_type_and_the_three_headers()
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(200));
        var outcome = await SendAsync(SomeWebhook.Options(server.Address));
        Assert.Equal((AttemptKind.Delivered, 200, "http_200"), (outcome.Kind, outcome.StatusCode, outcome.Reason));

        var request = await server.NextRequestAsync();
        Assert.Equal("POST /hook HTTP/1.1", request.Line);
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.StartsWith("AgentSentinel/0.", request.Headers["user-agent"], StringComparison.Ordinal);
        Assert.Equal(SomeWebhook.Message().Payload.ToArray(), request.Body);
        Assert.Equal(SignatureVerdict.Valid, request.Verify(SomeWebhook.Time));
        Assert.DoesNotContain("traceparent", request.Headers.Keys);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(200, AttemptKind.Delivered)]
    [InlineData(204, AttemptKind.Delivered)]
    [InlineData(299, AttemptKind.Delivered)]
    [InlineData(300, AttemptKind.Failed)]
    [InlineData(304, AttemptKind.Failed)]
    [InlineData(307, AttemptKind.Failed)]
    [InlineData(400, AttemptKind.Rejected)]
    [InlineData(401, AttemptKind.Rejected)]
    [InlineData(407, AttemptKind.Rejected)]
    [InlineData(408, AttemptKind.Rejected)]
    [InlineData(410, AttemptKind.Disabled)]
    [InlineData(429, AttemptKind.Throttled)]
    [InlineData(500, AttemptKind.Failed)]
    [InlineData(502, AttemptKind.Throttled)]
    [InlineData(503, AttemptKind.Failed)]
    [InlineData(504, AttemptKind.Throttled)]
    internal async Task Each_status_has_its_outcome(int status, AttemptKind kind)
    {
        await using var server = new ScriptedServer(ScriptedServer.Status(status));
        var outcome = await SendAsync(SomeWebhook.Options(server.Address));
        Assert.Equal((kind, status), (outcome.Kind, outcome.StatusCode));
    }

    [Fact(Timeout = 60_000)]
    public async Task Retry_after_may_be_seconds_or_a_date()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Status(503, "retry-after: 7"),
            ScriptedServer.Status(429, "retry-after: Sun, 01 Mar 2026 12:00:09 GMT"),
            ScriptedServer.Status(429, "retry-after: Sun, 01 Mar 2026 11:00:00 GMT"),
            ScriptedServer.Status(429, "retry-after: soon"));
        var options = SomeWebhook.Options(server.Address);
        Assert.Equal(TimeSpan.FromSeconds(7), (await SendAsync(options)).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(9), (await SendAsync(options)).RetryAfter);
        Assert.Null((await SendAsync(options)).RetryAfter);
        Assert.Null((await SendAsync(options)).RetryAfter);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_response_that_is_endless_or_no_http_ends_nevertheless()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Raw("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n" + new string('x', 10_000)),
            ScriptedServer.Raw("HTTP/1.1 200 OK\r\nx-long: " + new string('x', 100_000) + "\r\n\r\n"),
            ScriptedServer.Raw("220 mail.example.com ESMTP\r\n\r\n"),
            ScriptedServer.Close);
        var options = SomeWebhook.Options(server.Address);
        Assert.Equal(AttemptKind.Delivered, (await SendAsync(options)).Kind);
        Assert.Equal(AttemptKind.Failed, (await SendAsync(options)).Kind);
        Assert.Equal(AttemptKind.Failed, (await SendAsync(options)).Kind);
        Assert.Equal("connection_closed", (await SendAsync(options)).Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_caller_that_cancels_gets_no_outcome()
    {
        await using var server = new ScriptedServer(ScriptedServer.Hang);
        using var sender = new WebhookSender(SomeWebhook.Options(server.Address), _time);
        using var caller = new CancellationTokenSource();
        var sending = sender.SendAsync(SomeWebhook.Message(), caller.Token);
        await server.NextRequestAsync();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("https://127.0.0.1:{0}/")]
    [InlineData("https://localhost:{0}/")]
    [InlineData("https://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("https://2130706433:{0}/")]
    public async Task A_private_target_is_refused_before_a_connection_is_made(string url)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, ((IPEndPoint)listener.LocalEndpoint).Port));
        var outcome = await SendAsync(SomeWebhook.Options(target) with { AllowPrivateTargets = false });
        Assert.Equal((AttemptKind.Refused, "target_not_allowed"), (outcome.Kind, outcome.Reason));
        Assert.False(listener.Pending());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("https://169.254.169.254/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://[::]/")]
    [InlineData("http://10.0.0.1/")]
    public async Task Metadata_and_plain_http_beyond_loopback_are_refused_even_when_private_targets_are_allowed(string url) =>
        Assert.Equal(AttemptKind.Refused, (await SendAsync(SomeWebhook.Options(new Uri(url)))).Kind);

    [Fact(Timeout = 60_000)]
    public async Task A_name_is_tried_at_each_of_its_addresses()
    {
        // localhost is ::1 and 127.0.0.1 on most machines, and nobody listens on the former.
        await using var server = new ScriptedServer(ScriptedServer.Status(204));
        var outcome = await SendAsync(SomeWebhook.Options(new UriBuilder(server.Address) { Host = "localhost" }.Uri));
        Assert.Equal(AttemptKind.Delivered, outcome.Kind);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_speaks_no_tls_is_named_as_such()
    {
        await using var receiver = await WebhookReceiver.StartAsync(null, _time, Cancel);
        var outcome = await SendAsync(SomeWebhook.Options(new UriBuilder(receiver.Address) { Scheme = "https" }.Uri));
        Assert.Equal((AttemptKind.Failed, "tls_failed"), (outcome.Kind, outcome.Reason));
    }

    private async Task<AttemptOutcome> SendAsync(WebhookOptions options)
    {
        using var sender = new WebhookSender(options, _time);
        return await sender.SendAsync(SomeWebhook.Message(), Cancel);
    }
}
