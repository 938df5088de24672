using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>What is new for an agent, through the real engine.</summary>
public sealed class NoveltyTests
{
    private readonly DetectionEngine _engine = Some.DetectionEngine(detectors: [new Novelty(new NoveltyOptions(), Some.Names, AgentRegistry.Empty)]);
    private readonly DetectionOutput _output = new();
    private readonly List<Anomaly> _anomalies = [];
    private DateTimeOffset _now = Some.Monday;
    private int _ids;
    private int _sessions;
    private string _version = "v1";

    [Fact]
    public void New_recipients_that_are_used_for_days_are_told_a_few_times_and_then_familiar()
    {
        Work(days: 14);
        for (var use = 0; use < 48; use++)
        {
            Send("partner");
            _now = _now.AddMinutes(100);
        }

        Assert.InRange(_anomalies.Count, 1, 5);
        _anomalies.Clear();
        Send("partner");
        Assert.Empty(_anomalies);
        Assert.Equal(double.NegativeInfinity, _output.Top.LogReturnPeriod);
    }

    [Fact]
    public void What_goes_on_is_no_news_and_stays_suspicious()
    {
        Work(days: 14);
        Send("partner");
        Assert.Single(_anomalies);
        Send("partner");
        Assert.Single(_anomalies);
        Assert.True(_output.Top.IsOngoing && _output.TopMargin >= 0);
    }

    [Fact]
    public void Further_recipients_are_news()
    {
        Work(days: 14);
        for (var attack = 1; attack <= 10; attack++)
        {
            Send($"evil-{attack}");
            Assert.Equal(attack, _anomalies.Count);
            _now = _now.AddMinutes(90);
        }
    }

    [Fact]
    public void A_place_on_trial_becomes_familiar_by_what_is_familiar_in_it()
    {
        Work(days: 14);
        Send("partner");
        _now = _now.AddMinutes(90);
        Use("email:info@0.partner.example", sessions: 1);
        Assert.Single(_anomalies);
        Use("email:sales@0.partner.example", sessions: 1);
        Assert.Equal(Novelty.Places, _output.Top.Feature);

        Use("email:info@0.partner.example", sessions: 60);
        Use("email:service@0.partner.example", sessions: 1);
        Assert.Equal(Novelty.Resources, _output.Top.Feature);

        void Use(string resource, int sessions)
        {
            for (; sessions > 0; sessions--)
            {
                Call("crm.read", ToolAction.Read, resource);
                _now = _now.AddMinutes(110);
                _sessions++;
            }
        }
    }

    [Theory]
    [InlineData("crm/contacts/us", "payroll/2026")]
    [InlineData("https://wiki.example.com/new-page", "https://paste.example.net/new-page")]
    [InlineData("email:newcomer@example.com", "email:newcomer@example.net")]
    public void A_new_name_in_a_known_place_is_less_of_a_surprise_than_a_new_place(string near, string far)
    {
        Assert.True(Surprise(far) > Surprise(near) + 1, $"{near} {Surprise(near):0.00}, {far} {Surprise(far):0.00}");

        static double Surprise(string resource)
        {
            var test = new NoveltyTests();
            test.Work(days: 14, newNames: true);
            test.Call("crm.read", ToolAction.Read, "crm/contacts/1");
            test.Call("crm.read", ToolAction.Read, resource);
            return test._output.Top.Surprisal;
        }
    }

    [Fact]
    public void Another_version_is_younger_and_says_so_until_it_is_warm()
    {
        var (same, other) = (Surprise("v1"), Surprise("v2"));
        Assert.True(other.Surprisal < same.Surprisal && other.Surprisal > same.Surprisal / 2, $"{same.Surprisal:0.00}, {other.Surprisal:0.00}");
        Assert.Null(same.Caveat);
        Assert.Contains("version changed; what was learned before counts half", other.Caveat, StringComparison.Ordinal);

        static Evidence Surprise(string version)
        {
            var test = new NoveltyTests();
            test.Work(days: 30);
            test._version = version;
            test.Call("crm.read", ToolAction.Read, "crm/contacts/1");
            for (var company = 0; test._anomalies.Count == 0; company++)
            {
                test.Call("mail.send", ToolAction.Send, [.. Enumerable.Range(0, 20).Select(i => $"email:{i}@{i}.{company}.example")]);
            }

            return test._anomalies[0].Evidence;
        }
    }

    /// <summary>Twelve sessions a day on a few contacts, pages and recipients; with new ones of the same kinds now and then, if asked.</summary>
    private void Work(int days, bool newNames = false)
    {
        var random = new Random(5);
        for (var session = 0; session < days * 12; session++)
        {
            for (var call = 0; call < 5; call++)
            {
                var number = newNames && random.Next(10) == 0 ? 1000 + _ids : random.Next(4);
                Call("crm.read", ToolAction.Read, random.Next(6) switch
                {
                    0 => $"https://wiki.example.com/{number}",
                    1 => $"email:{number}@example.com",
                    _ => $"crm/contacts/{number}",
                });
            }

            Call("mail.send", ToolAction.Send, $"email:team-{random.Next(4)}@example.com");
            _now = _now.AddMinutes(110);
            _sessions++;
        }

        Assert.DoesNotContain(_anomalies, anomaly => anomaly.Time > _now.AddDays(-7));
        _anomalies.Clear();
    }

    /// <summary>One new recipient alone is not enough to tell people; the four of a company are.</summary>
    private void Send(string company)
    {
        Call("crm.read", ToolAction.Read, "crm/contacts/1");
        Call("mail.send", ToolAction.Send, [.. Enumerable.Range(0, 4).Select(i => $"email:{i}@{i}.{company}.example")]);
        _sessions++;
    }

    private void Call(string tool, ToolAction action, params string[] resources)
    {
        _output.Clear();
        var call = Some.ToolCall(
            _now, (++_ids).ToString(CultureInfo.InvariantCulture), tool: tool, resources: resources, session: $"s-{_sessions}", action: action, source: SourceTrust.External, version: _version);
        Assert.Equal(CallVerdict.Accepted, _engine.Process(call, _now, _output));
        Assert.Empty(_output.Failures);
        _anomalies.AddRange(_output.Anomalies);
        _now = _now.AddSeconds(5);
    }
}
