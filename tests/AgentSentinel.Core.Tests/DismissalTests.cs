using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests.Detection;

namespace AgentSentinel.Core.Tests;

/// <summary>What a person dismissed is learned; what was found before it, or only went on, is not.</summary>
public sealed class DismissalTests
{
    private readonly VolatileState _saved = new();
    private readonly ResponseEngine _response = new(new ResponseOptions(), new VolatileState());
    private readonly ResponseOutput _done = new();
    private readonly DetectionOutput _output = new();
    private DetectionEngine _engine;
    private DateTimeOffset _now = Some.Monday;
    private int _ids;
    private int _sessions;

    public DismissalTests()
    {
        _engine = NewEngine();
        for (var session = 0; session < 14 * 12; session++)
        {
            Session("team");
            _now = _now.AddMinutes(110);
        }
    }

    [Fact]
    public void What_was_dismissed_is_familiar_from_then_on()
    {
        Session("partner");
        Assert.True(_output.TopMargin >= 0);
        Session("partner");
        Assert.True(_output.TopMargin >= 0);

        Assert.False(_engine.Accept(_response.Dismissals, _output));
        Dismiss();
        Assert.True(_engine.Accept(_response.Dismissals, _output));
        Session("partner");
        Assert.Equal(double.NegativeInfinity, _output.Top.LogReturnPeriod);
    }

    [Fact]
    public void What_was_found_in_an_earlier_incident_stays_suspicious()
    {
        Session("evil");
        _now = _now.AddHours(30);
        Session("partner");
        Dismiss();
        Assert.True(_engine.Accept(_response.Dismissals, _output));
        Session("partner");
        Assert.Equal(double.NegativeInfinity, _output.Top.LogReturnPeriod);
        Session("evil");
        Assert.True(_output.TopMargin >= 0);
    }

    [Fact]
    public void A_session_teaches_again_once_its_alarm_was_dismissed()
    {
        var (quarantine, call) = (new Quarantine(), Some.ToolCall(session: "s-1"));
        quarantine.Begin(call, Some.Key);
        Assert.True(quarantine.Holds(call, Some.Key));
        quarantine.End();
        Assert.False(quarantine.Holds(call, Some.Key));
    }

    [Fact]
    public void Each_dismissal_is_taken_over_once_whatever_restarts_lie_in_between()
    {
        Session("partner");
        Dismiss();
        Assert.True(_engine.Accept(_response.Dismissals, _output));
        _engine.Save(_saved);
        _engine = NewEngine();
        Assert.False(_engine.Accept([.. _response.Dismissals], _output));
        Session("partner");
        Assert.Equal(double.NegativeInfinity, _output.Top.LogReturnPeriod);

        Session("others", recipients: 12);
        Dismiss();
        Assert.True(_engine.Accept(_response.Dismissals, _output));
    }

    [Fact]
    public void A_detector_that_throws_at_a_dismissal_is_told_and_keeps_no_other_from_it()
    {
        _engine = new DetectionEngine(new DetectionOptions(), [new ThrowingDetector("none"), new Novelty(new NoveltyOptions(), Some.Names, AgentRegistry.Empty)], _saved);
        for (var session = 0; session < 14 * 12; session++)
        {
            Session("team");
            _now = _now.AddMinutes(110);
        }

        Session("partner");
        Dismiss();
        Assert.True(_engine.Accept(_response.Dismissals, _output));
        Assert.Equal("throwing", Assert.Single(_output.Failures).Detector);
        Session("partner");
        Assert.Equal(double.NegativeInfinity, _output.Top.LogReturnPeriod);
    }

    [Fact]
    public void The_response_remembers_what_was_dismissed_in_order_of_time()
    {
        var saved = new VolatileState();
        var engine = new ResponseEngine(new ResponseOptions(), saved);
        foreach (var agent in (string[])["b", "a", "b"])
        {
            engine.Process(Some.AnomalyFound(_now, agent), _done);
            engine.Process(Some.Command(OperatorCommandKind.Dismiss, engine.OpenIncidents[agent].Id, _now), _done);
            _now = _now.AddMinutes(2);
        }

        engine.Save(saved);
        Assert.Equal(["a", "b"], engine.Dismissals.Select(dismissal => dismissal.AgentId));
        Assert.True(engine.Dismissals[0].At < engine.Dismissals[1].At);
        Assert.Equal(engine.Dismissals, new ResponseEngine(new ResponseOptions(), saved).Dismissals);
    }

    private DetectionEngine NewEngine() => new(new DetectionOptions(), [new Novelty(new NoveltyOptions(), Some.Names, AgentRegistry.Empty)], _saved);

    private void Dismiss()
    {
        var incident = Assert.Single(_response.OpenIncidents).Value;
        _response.Process(Some.Command(OperatorCommandKind.Dismiss, incident.Id, _now), _done);
        Assert.Empty(_response.OpenIncidents);
    }

    private void Session(string company, int recipients = 4)
    {
        Call("crm.read", ToolAction.Read, "crm/contacts/1");
        Call("mail.send", ToolAction.Send, [.. Enumerable.Range(0, recipients).Select(i => $"email:{i}@{i}.{company}.example")]);
        _sessions++;
    }

    private void Call(string tool, ToolAction action, params string[] resources)
    {
        _output.Clear();
        var call = Some.ToolCall(
            _now, (++_ids).ToString(CultureInfo.InvariantCulture), tool: tool, resources: resources, session: $"s-{_sessions}", action: action, source: SourceTrust.External);
        Assert.Equal(CallVerdict.Accepted, _engine.Process(call, _now, _output));
        Assert.Empty(_output.Failures);
        foreach (var anomaly in _output.Anomalies)
        {
            _response.Process(new AnomalyFound(anomaly, _now), _done);
        }

        _now = _now.AddSeconds(5);
    }
}
