using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Tests.Outbound;
using AgentSentinel.Service.Tests.Sinks.Formats;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>The outputs that machines read, against servers that answer as real ones do.</summary>
public sealed class StreamSinkTests
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ocsf_webhooks_are_signed_and_typed()
    {
        using var secret = new TemporaryFile(SomeWebhook.Secret);
        using var api = new ScriptedApi();
        await using var sink = new OcsfWebhookSink(new SinkOptions { Ocsf = new() { WebhookUrl = api.Address + "hook", SecretFiles = [secret.Path], AllowPrivateTargets = true } }, TimeProvider.System);
        await sink.WriteAsync(HostileAlert.Of(AlertKind.Opened), Now);
        await sink.WriteAsync(HostileAlert.Of(AlertKind.Closed, number: 1), Now);

        Assert.Equal(["alert.created", "alert.closed"], api.Requests.Select(r => r.Json.GetProperty("type").GetString()));
        Assert.All(api.Requests, request =>
        {
            Assert.Empty(OcsfSchema.Errors(request.Json.GetProperty("data")));
            Assert.Equal(SignatureVerdict.Valid, WebhookSignature.Verify(
                [WebhookSecret.Parse(SomeWebhook.Secret)], request.Headers["webhook-id"], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], request.Bytes, DateTimeOffset.UtcNow));
        });
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(302, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public async Task A_refusal_of_an_ocsf_webhook_says_whether_to_try_again(int status, bool isTransient)
    {
        using var secret = new TemporaryFile(SomeWebhook.Secret);
        using var api = new ScriptedApi(_ => new(status, "", ("location", "https://example.com/"), ("retry-after", "7")));
        await using var sink = new OcsfWebhookSink(new SinkOptions { Ocsf = new() { WebhookUrl = api.Address + "hook", SecretFiles = [secret.Path], AllowPrivateTargets = true } }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SinkException>(() => sink.WriteAsync(SomeAlert.Numbered(0), Now));
        Assert.Equal(isTransient, error.IsTransient);
        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_private_target_is_refused_unless_allowed_and_nothing_is_sent()
    {
        using var secret = new TemporaryFile(SomeWebhook.Secret);
        using var api = new ScriptedApi();
        await using var sink = new OcsfWebhookSink(new SinkOptions { Ocsf = new() { WebhookUrl = api.Address + "hook", SecretFiles = [secret.Path] } }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SinkException>(() => sink.WriteAsync(SomeAlert.Numbered(0), Now));
        Assert.Equal("target_not_allowed", error.Reason);
        Assert.False(error.IsTransient);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("""{"errors":false,"items":[{"create":{"status":201}}]}""", null)]
    [InlineData("""{"errors":true,"items":[{"create":{"status":409}}]}""", null)]
    [InlineData("""{"errors":true,"items":[{"create":{"status":400,"error":{"type":"mapper_parsing_exception"}}}]}""", "item_400")]
    [InlineData("""{"errors":true,"items":[{"create":{"status":429}}]}""", "item_429")]
    [InlineData("""<html>proxy</html>""", "bad_response")]
    [InlineData("""{"items":[]}""", "bad_response")]
    public async Task A_bulk_request_is_judged_by_what_became_of_its_document(string answer, string? reason)
    {
        using var key = new TemporaryFile("a2V5");
        using var api = new ScriptedApi(_ => new(200, answer));
        await using var sink = new ElasticSink(new SinkOptions { Elastic = new() { Url = api.Address.ToString(), ApiKeyFile = key.Path, AllowPrivateTargets = true } }, TimeProvider.System);
        var error = await Record.ExceptionAsync(() => sink.WriteAsync(HostileAlert.Of(AlertKind.SuspensionConfirmed), Now));
        Assert.Equal(reason, (error as SinkException)?.Reason);
        Assert.True(error is null or SinkException);

        var request = Assert.Single(api.Requests);
        Assert.Equal(("/_bulk", "ApiKey a2V5", "application/x-ndjson"), (request.Path, request.Headers["authorization"], request.Headers["content-type"]));
        var lines = request.Text.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[2]);
        Assert.Equal("""{"create":{"_index":"logs-agentsentinel.alerts-default","_id":"inc_0123456789abcdef01234567-0"}}""", lines[0]);
        Assert.Empty(EcsSchema.Errors(System.Text.Json.JsonDocument.Parse(lines[1]).RootElement));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Syslog_messages_go_over_one_connection(bool isTls)
    {
        var (ca, certificate) = SomeCertificate.Create();
        using var caFile = new TemporaryFile(ca);
        using (certificate)
        {
            await using var collector = new ScriptedCollector(isTls ? certificate : null);
            await using var sink = new SyslogSink(
                new SinkOptions { Syslog = new() { Host = "127.0.0.1", Port = collector.Port, Tls = isTls, CaFile = isTls ? caFile.Path : null, AllowPrivateTargets = true } }, TimeProvider.System);
            var length = SyslogSink.Frame(SomeAlert.Numbered(0), null).Length;
            await sink.WriteAsync(SomeAlert.Numbered(0), Now);
            await sink.WriteAsync(SomeAlert.Numbered(1), Now);
            var messages = SyslogMessage.ReadFrames(await collector.ReadAsync(2 * length));
            Assert.Equal(["inc_1-0", "inc_1-1"], messages.Select(m => CefMessage.Read(m.Text).Extension["externalId"]));
            Assert.Equal(1, collector.Connections);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_a_collector_ends_a_connection_syslog_opens_another(bool isTls)
    {
        var (ca, certificate) = SomeCertificate.Create();
        using var caFile = new TemporaryFile(ca);
        using (certificate)
        {
            await using var collector = new ScriptedCollector(isTls ? certificate : null);
            await using var sink = new SyslogSink(
                new SinkOptions { Syslog = new() { Host = "127.0.0.1", Port = collector.Port, Tls = isTls, CaFile = isTls ? caFile.Path : null, AllowPrivateTargets = true } }, TimeProvider.System);
            await sink.WriteAsync(SomeAlert.Numbered(0), Now);
            await collector.ReadAsync(1);
            collector.Hangup();

            // Until the end has come through, a message may still go into the old connection, or fail.
            for (var i = 1; collector.Connections < 2; i++)
            {
                Assert.True(i < 100_000, "No second connection.");
                Assert.True(await Record.ExceptionAsync(() => sink.WriteAsync(SomeAlert.Numbered(i), Now)) is null or SinkException { IsTransient: true });
            }
        }
    }

    [Fact]
    public async Task Syslog_over_tls_trusts_only_the_given_issuer()
    {
        var (_, certificate) = SomeCertificate.Create();
        var (otherCa, other) = SomeCertificate.Create();
        other.Dispose();
        using var caFile = new TemporaryFile(otherCa);
        using (certificate)
        {
            await using var collector = new ScriptedCollector(certificate);
            await using var sink = new SyslogSink(
                new SinkOptions { Syslog = new() { Host = "127.0.0.1", Port = collector.Port, CaFile = caFile.Path, AllowPrivateTargets = true } }, TimeProvider.System);
            var error = await Assert.ThrowsAsync<SinkException>(() => sink.WriteAsync(SomeAlert.Numbered(0), Now));
            Assert.Equal("tls_failed", error.Reason);
            Assert.Empty(await collector.ReadAsync(0));
        }
    }

    [Fact]
    public void Options_refuse_what_would_leave_the_machine_unprotected()
    {
        Assert.Contains(new SyslogOptions { Host = "siem.example.com", Tls = false }.Validate(), e => e.StartsWith("Tls: ", StringComparison.Ordinal));
        Assert.Contains(new SyslogOptions { Host = "10.0.0.1" }.Validate(), e => e.Contains("AllowPrivateTargets", StringComparison.Ordinal));
        Assert.Contains(new EmailOptions { Host = "mail.example.com", Encryption = EmailEncryption.None, From = "a@example.com", To = ["b@example.com"] }.Validate(), e => e.StartsWith("Encryption: ", StringComparison.Ordinal));
        Assert.Contains(new ElasticOptions { Url = "http://elastic.example.com" }.Validate(), e => e.Contains("must be https", StringComparison.Ordinal));
        Assert.Contains(new OcsfOptions { WebhookUrl = "https://siem.example.com/" }.Validate(), e => e.StartsWith("SecretFiles: ", StringComparison.Ordinal));
        using var http = new TemporaryFile("http://teams.example.com/hook");
        Assert.Contains(new TeamsOptions { WorkflowUrlFile = http.Path }.Validate(), e => e.Contains("must be https", StringComparison.Ordinal));
        using var shortKey = new TemporaryFile("short");
        Assert.Contains(new PagerDutyOptions { RoutingKeyFile = shortKey.Path }.Validate(), e => e.Contains("32", StringComparison.Ordinal));
        Assert.Empty(new SinkOptions().Validate());
    }
}
