using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Tests.Sinks.Formats;
using MimeKit;

namespace AgentSentinel.Service.Tests.Sinks;

/// <summary>Each format against a strict reader of it, for every kind and severity of alert, with text made to break it.</summary>
public sealed class AlertFormatTests
{
    private const string Console = "https://sentinel.example/";
    private const string Key = "0123456789abcdef0123456789abcdef";

    // What must never reach a person's eyes as itself: it would hide, reorder or start something.
    private static readonly SearchValues<char> Invisible = SearchValues.Create('\u202E', '\u2066', '\u200B', '\u2028', '\u0007', '\u001b', '\0');

    private static readonly HashSet<string> OurTags = ["html", "body", "p", "strong", "table", "tr", "td", "img", "ul", "li", "a"];

    [Fact]
    public void Ocsf_findings_hold_only_what_the_schema_knows() => Assert.All(HostileAlert.All(), alert =>
    {
        using var json = JsonDocument.Parse(OcsfFinding.Write(alert, Console));
        Assert.Empty(OcsfSchema.Errors(json.RootElement));
        Assert.Equal(HostileAlert.AgentId, json.RootElement.GetProperty("unmapped").GetProperty("gen_ai.agent.id").GetString());
        Assert.False(json.RootElement.GetProperty("message").GetString()!.AsSpan().ContainsAny(Invisible));
    });

    [Theory]
    [InlineData(AlertKind.Opened, 200401, 1, 3, 19)]
    [InlineData(AlertKind.Escalated, 200402, 2, 3, 19)]
    [InlineData(AlertKind.SuspensionOrdered, 200402, 2, 3, 19)]
    [InlineData(AlertKind.SuspensionConfirmed, 200402, 2, 2, 24)]
    [InlineData(AlertKind.Closed, 200403, 4, 3, 19)]
    public void An_incident_is_one_finding_created_updated_and_closed_and_revoked_only_when_confirmed(AlertKind kind, int type, int status, int action, int disposition)
    {
        using var json = JsonDocument.Parse(OcsfFinding.Write(HostileAlert.Of(kind), null));
        var finding = json.RootElement;
        Assert.Equal(type, finding.GetProperty("type_uid").GetInt32());
        Assert.Equal(status, finding.GetProperty("status_id").GetInt32());
        Assert.Equal(action, finding.GetProperty("action_id").GetInt32());
        Assert.Equal(disposition, finding.GetProperty("disposition_id").GetInt32());
        Assert.Equal("inc_0123456789abcdef01234567", finding.GetProperty("finding_info").GetProperty("uid").GetString());
        Assert.Contains("atlas:AML.T0053:5.6.1", finding.GetProperty("metadata").GetProperty("labels").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public void The_strict_reader_of_ocsf_finds_what_is_wrong()
    {
        var good = Encoding.UTF8.GetString(OcsfFinding.Write(HostileAlert.Of(AlertKind.Opened), null));
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[
            ("\"severity_id\":4", "\"severity_id\":7"), ("\"type_uid\":200401", "\"type_uid\":200402"), ("\"is_alert\":true", "\"is_alert\":1"), ("\"risk_score\":9", "\"risk_score\":9.5"),
            ("\"uid\":\"inc_", "\"xid\":\"inc_"), ("\"count\":3", "\"colour\":3"), ("\"time\":1", "\"time\":2")])
        {
            var bad = good.Replace(from, to, StringComparison.Ordinal);
            Assert.NotEqual(good, bad);
            using var json = JsonDocument.Parse(bad);
            Assert.NotEmpty(OcsfSchema.Errors(json.RootElement));
        }
    }

    [Fact]
    public void Ecs_documents_hold_only_fields_of_the_schema() => Assert.All(HostileAlert.All(), alert =>
    {
        var bytes = EcsDocument.Write(alert, Console);
        Assert.DoesNotContain((byte)'\n', bytes);
        using var json = JsonDocument.Parse(bytes);
        Assert.Empty(EcsSchema.Errors(json.RootElement));
    });

    [Fact]
    public void Syslog_frames_are_rfc_5424_and_hold_cef() => Assert.All(HostileAlert.All(), alert =>
    {
        var message = Assert.Single(SyslogMessage.ReadFrames(SyslogSink.Frame(alert, Console)));
        Assert.Equal(13, message.Facility);
        Assert.Equal(alert.Severity switch { Severity.Critical => 2, Severity.High => 3, Severity.Medium => 4, _ => 5 }, message.Severity);
        Assert.Equal(alert.Time, message.Time);
        Assert.Equal("AgentSentinel", message.App);
        Assert.False(message.Text.AsSpan().ContainsAny(Invisible));

        var cef = CefMessage.Read(message.Text);
        Assert.Equal(["AgentSentinel", "AgentSentinel"], cef.Header.Take(2));
        Assert.Equal(alert.Id, cef.Extension["externalId"]);
        Assert.StartsWith("<img src=x onerror=alert(1)>|suid=root\\\\\\u000A", cef.Extension["suid"], StringComparison.Ordinal);
    });

    [Fact]
    public void Two_frames_in_a_row_are_told_apart()
    {
        byte[] stream = [.. SyslogSink.Frame(HostileAlert.Of(AlertKind.Opened), null), .. SyslogSink.Frame(SomeAlert.Numbered(1), null)];
        Assert.Equal(["opened", "opened"], SyslogMessage.ReadFrames(stream).Select(m => m.MsgId));
    }

    [Fact]
    public void Slack_messages_keep_to_block_kit_and_never_mention_anybody() => Assert.All(Messages(), message =>
    {
        using var json = JsonDocument.Parse(SlackBlocks.Write(message, Console, "C1", null));
        Assert.Empty(SlackSchema.Errors(json.RootElement));
        AssertVisible(json.RootElement);
    });

    [Fact]
    public void Teams_cards_hold_no_markdown_and_stay_under_the_limit() => Assert.All(Messages(), message =>
    {
        foreach (var png in (byte[]?[])[null, new byte[1000], new byte[100_000]])
        {
            var bytes = TeamsCard.Write(message, Console, png);
            Assert.True(bytes.Length <= TeamsCard.MaxBytes, $"{bytes.Length} bytes");
            using var json = JsonDocument.Parse(bytes);
            Assert.Empty(TeamsSchema.Errors(json.RootElement));
            AssertVisible(json.RootElement);
        }
    });

    [Fact]
    public void Pagerduty_events_keep_to_the_limits() => Assert.All(Messages(), message =>
    {
        var bytes = PagerDutyEvent.Write(message, Key, Console);
        Assert.True(bytes.Length < 512 * 1024);
        using var json = JsonDocument.Parse(bytes);
        Assert.Empty(PagerDutySchema.Errors(json.RootElement));
        Assert.Equal(message.IsClosed ? "resolve" : "trigger", json.RootElement.GetProperty("event_action").GetString());
        AssertVisible(json.RootElement);
    });

    [Fact]
    public void Mails_survive_the_way_through_mime_and_hold_no_markup_of_an_agents() => Assert.All(Messages(), message =>
    {
        using var written = EmailMessage.Write(message, "sentinel@example.com", ["soc@example.com"], Console, [1, 2, 3]);
        using var stream = new MemoryStream();
        written.WriteTo(stream, TestContext.Current.CancellationToken);
        stream.Position = 0;
        using var read = MimeMessage.Load(stream, TestContext.Current.CancellationToken);

        Assert.Equal(IncidentText.TitleOf(message, 180), read.Subject);
        Assert.Equal("soc@example.com", read.To.ToString());
        Assert.Equal($"{message.Key}@example.com", read.InReplyTo);
        Assert.NotEqual(read.InReplyTo, read.MessageId);
        Assert.Equal(read.InReplyTo, Assert.Single(read.References));
        Assert.False(read.TextBody!.AsSpan().ContainsAny(Invisible));
        Assert.Contains("&lt;img src=x", read.HtmlBody, StringComparison.Ordinal);
        Assert.Subset(OurTags, Tags(read.HtmlBody!).ToHashSet());
        Assert.Single(Tags(read.HtmlBody!), tag => tag == "img");
        Assert.Equal([1, 2, 3], Pictures(read).Single());
    });

    private static IEnumerable<IncidentMessage> Messages()
    {
        foreach (var alert in HostileAlert.All())
        {
            yield return IncidentMessage.Of(alert);
        }

        yield return Enumerable.Range(1, 40).Aggregate(
            IncidentMessage.Of(HostileAlert.Of(AlertKind.Opened, Severity.Critical)), (message, i) => message.With(HostileAlert.Of((AlertKind)(i % 9), (Severity)(i % 4), number: i)));
    }

    private static void AssertVisible(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.All(json.EnumerateObject(), p => AssertVisible(p.Value));
                break;
            case JsonValueKind.Array:
                Assert.All(json.EnumerateArray(), AssertVisible);
                break;
            case JsonValueKind.String:
                Assert.False(json.GetString()!.AsSpan().ContainsAny(Invisible));
                break;
        }
    }

    private static IEnumerable<string> Tags(string html) =>
        html.Split('<').Skip(1).Where(part => part[0] is not ('/' or '!')).Select(part => part.Split(' ', '>')[0]);

    private static IEnumerable<byte[]> Pictures(MimeMessage mail) => mail.BodyParts.OfType<MimePart>().Where(part => part.ContentType.IsMimeType("image", "png")).Select(part =>
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return content.ToArray();
    });
}
