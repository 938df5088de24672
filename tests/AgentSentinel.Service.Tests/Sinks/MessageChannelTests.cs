using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Tests.Outbound;
using AgentSentinel.Service.Tests.Sinks.Formats;
using AgentSentinel.Service.Tests.Suspension;
using MimeKit;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>The channels that people read, against servers that answer as real ones do.</summary>
public sealed class MessageChannelTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private static readonly IncidentMessage Opened = IncidentMessage.Of(HostileAlert.Of(AlertKind.Opened));
    private static readonly IncidentMessage Escalated = Opened.With(HostileAlert.Of(AlertKind.Escalated, number: 1));
    private static readonly IncidentMessage Closed = Escalated.With(HostileAlert.Of(AlertKind.Closed, number: 2));

    [Fact]
    public async Task A_slack_webhook_gets_a_message_of_its_own_for_each_change()
    {
        using var api = new ScriptedApi(_ => new(200, "ok"));
        using var url = new TemporaryFile(api.Address + "services/T/B/x");
        await using var slack = new SlackChannel(new SinkOptions { Slack = new() { WebhookUrlFile = url.Path, AllowPrivateTargets = true } }, null, TimeProvider.System);
        Assert.Null(await slack.SendAsync(Opened, null, Now));
        Assert.Null(await slack.SendAsync(Escalated, null, Now));
        Assert.Equal(["/services/T/B/x", "/services/T/B/x"], api.Requests.Select(r => r.Path));
        Assert.All(api.Requests, r => Assert.Empty(SlackSchema.Errors(r.Json)));
    }

    [Fact]
    public async Task A_slack_bot_posts_once_updates_that_message_and_puts_the_picture_into_its_thread()
    {
        using var api = new ScriptedApi();
        api.Answers = request => request.Path switch
        {
            "/api/chat.postMessage" => new(200, """{"ok":true,"channel":"C9","ts":"17.5"}"""),
            "/api/chat.update" or "/api/files.completeUploadExternal" => new(200, """{"ok":true}"""),
            "/api/files.getUploadURLExternal" => new(200, $$"""{"ok":true,"upload_url":"{{api.Address}}put","file_id":"F1"}"""),
            "/put" => new(200, "OK"),
            _ => new(404),
        };
        using var token = new TemporaryFile("xoxb-1");
        await using var slack = new SlackChannel(
            new SinkOptions { Slack = new() { TokenFile = token.Path, Channel = "#soc", ApiUrl = api.Address + "api/", AllowPrivateTargets = true } }, new DotChart(), TimeProvider.System);
        var reference = await slack.SendAsync(Opened, null, Now);
        Assert.Equal(reference, await slack.SendAsync(Escalated, reference, Now));

        Assert.Equal(
            ["/api/chat.postMessage", "/api/files.getUploadURLExternal", "/put", "/api/files.completeUploadExternal", "/api/chat.update"], api.Requests.Select(r => r.Path));
        var requests = api.Requests.ToArray();
        Assert.Equal("#soc", requests[0].Json.GetProperty("channel").GetString());
        Assert.Equal("Bearer xoxb-1", requests[0].Headers["authorization"]);
        Assert.Equal("4", requests[1].Form["length"]);
        Assert.Equal(DotChart.Png, requests[2].Bytes);
        Assert.False(requests[2].Headers.ContainsKey("authorization"));
        Assert.Equal("17.5", requests[3].Json.GetProperty("thread_ts").GetString());
        Assert.Equal(("C9", "17.5"), (requests[4].Json.GetProperty("channel").GetString(), requests[4].Json.GetProperty("ts").GetString()));
        Assert.Empty(SlackSchema.Errors(requests[4].Json));
    }

    [Theory]
    [InlineData("""{"ok":false,"error":"missing_scope"}""")]
    [InlineData("""{"ok":true,"upload_url":"http://evil.example/put","file_id":"F1"}""")]
    public async Task A_picture_that_cannot_be_put_there_costs_no_message(string answer)
    {
        using var api = new ScriptedApi(request =>
            request.Path == "/api/chat.postMessage" ? new(200, """{"ok":true,"channel":"C9","ts":"17.5"}""") : new(200, answer));
        using var token = new TemporaryFile("xoxb-1");
        await using var slack = new SlackChannel(
            new SinkOptions { Slack = new() { TokenFile = token.Path, Channel = "#soc", ApiUrl = api.Address + "api/", AllowPrivateTargets = true } }, new DotChart(), TimeProvider.System);
        Assert.Equal("C9 17.5", await slack.SendAsync(Opened, null, Now));
        Assert.Equal(2, api.Requests.Count);
    }

    [Theory]
    [InlineData(200, """{"ok":false,"error":"channel_not_found"}""", "api_error", false)]
    [InlineData(200, """<html>""", "bad_response", false)]
    [InlineData(429, "", "http_429", true)]
    [InlineData(500, "", "http_500", true)]
    public async Task What_slack_says_against_a_message_is_told_in_our_words(int status, string body, string reason, bool isTransient)
    {
        using var api = new ScriptedApi(_ => new(status, body));
        using var token = new TemporaryFile("xoxb-1");
        await using var slack = new SlackChannel(
            new SinkOptions { Slack = new() { TokenFile = token.Path, Channel = "#soc", ApiUrl = api.Address + "api/", AllowPrivateTargets = true } }, null, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SinkException>(() => slack.SendAsync(Opened, null, Now));
        Assert.Equal((reason, isTransient), (error.Reason, error.IsTransient));
    }

    [Fact]
    public async Task A_teams_workflow_gets_a_card_with_the_picture_in_it()
    {
        using var api = new ScriptedApi(_ => new(202));
        using var url = new TemporaryFile(api.Address + "workflows/1?sig=x");
        await using var teams = new TeamsChannel(new SinkOptions { Teams = new() { WorkflowUrlFile = url.Path, AllowPrivateTargets = true } }, new DotChart(), TimeProvider.System);
        await teams.SendAsync(Opened, null, Now);
        var card = Assert.Single(api.Requests).Json;
        Assert.Empty(TeamsSchema.Errors(card));
        Assert.Contains(Convert.ToBase64String(DotChart.Png), card.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pagerduty_folds_an_incident_under_one_key_and_resolves_it()
    {
        using var api = new ScriptedApi(_ => new(202));
        using var key = new TemporaryFile(Key);
        await using var pager = new PagerDutyChannel(new SinkOptions { PagerDuty = new() { RoutingKeyFile = key.Path, Url = api.Address + "v2/enqueue", AllowPrivateTargets = true } }, TimeProvider.System);
        await pager.SendAsync(Opened, null, Now);
        await pager.SendAsync(Escalated, null, Now);
        await pager.SendAsync(Closed, null, Now);
        Assert.Equal(["trigger", "trigger", "resolve"], api.Requests.Select(r => r.Json.GetProperty("event_action").GetString()));
        Assert.Single(api.Requests.Select(r => r.Json.GetProperty("dedup_key").GetString()).Distinct());
        Assert.All(api.Requests, r => Assert.Empty(PagerDutySchema.Errors(r.Json)));
    }

    [Fact]
    public async Task Mails_of_an_incident_are_one_thread_and_carry_the_picture()
    {
        await using var smtp = new ScriptedSmtp();
        await using var email = new EmailChannel(Mail(smtp.Port), new DotChart(), TimeProvider.System);
        await email.SendAsync(Opened, null, Now);
        await email.SendAsync(Escalated, null, Now);

        var mails = smtp.Mails.Select(bytes => MimeMessage.Load(new MemoryStream(bytes), Now)).ToArray();
        Assert.Equal(2, mails.Length);
        Assert.Equal(mails[0].InReplyTo, mails[1].InReplyTo);
        Assert.NotEqual(mails[0].MessageId, mails[1].MessageId);
        Assert.All(mails, mail => Assert.Single(mail.BodyParts, part => part.ContentType.IsMimeType("image", "png")));
        Assert.StartsWith("[High] Incident opened: <img src=x onerror=alert(1)>|suid=root\\\\\\u000A", mails[0].Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("450 busy", "smtp_450", true)]
    [InlineData("550 nobody", "smtp_550", false)]
    public async Task A_mail_servers_refusal_says_whether_to_try_again(string reply, string reason, bool isTransient)
    {
        await using var smtp = new ScriptedSmtp { RecipientReply = reply };
        await using var email = new EmailChannel(Mail(smtp.Port), null, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SinkException>(() => email.SendAsync(Opened, null, Now));
        Assert.Equal((reason, isTransient), (error.Reason, error.IsTransient));
        Assert.Empty(smtp.Mails);
    }

    [Fact]
    public async Task A_mail_server_that_offers_no_tls_gets_no_mail()
    {
        await using var smtp = new ScriptedSmtp();
        var options = Mail(smtp.Port);
        await using var email = new EmailChannel(options with { Email = options.Email with { Encryption = EmailEncryption.StartTls } }, null, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SinkException>(() => email.SendAsync(Opened, null, Now));
        Assert.Equal("no_starttls", error.Reason);
        Assert.Empty(smtp.Mails);
    }

    private static SinkOptions Mail(int port) => new()
    {
        Email = new() { Host = "127.0.0.1", Port = port, Encryption = EmailEncryption.None, From = "sentinel@example.com", To = ["soc@example.com"], AllowPrivateTargets = true },
    };

    private sealed class DotChart : IAlertChart
    {
        public static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47];

        public Task<byte[]?> DrawAsync(Alert alert, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(Png);
    }
}
