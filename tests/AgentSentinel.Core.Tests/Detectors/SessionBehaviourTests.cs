using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>Data mixing, borrowed credentials and alarmed sessions, through the real engine.</summary>
public sealed class SessionBehaviourTests
{
    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];

    private readonly DetectionEngine _engine = Some.DetectionEngine(detectors: [.. Some.Detectors().Where(detector => Behaviour.Contains(detector.Name))]);
    private readonly DetectionOutput _output = new();
    private readonly List<Anomaly> _anomalies = [];
    private DateTimeOffset _now = Some.Monday;
    private int _ids;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(14)]
    public void Restricted_data_carried_outside_for_the_first_time_is_raised_at_once_however_long_an_agent_is_known(int days)
    {
        Work(days: 14, "another");
        Work(days, "agent-1");
        Carry("agent-1", "mix");
        var anomaly = Assert.Single(_anomalies, anomaly => anomaly.Evidence.Detector == "data-mixing");
        Assert.Contains("payroll/2026", anomaly.Evidence.CausalChain![0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_agent_whose_job_it_is_is_asked_about_once()
    {
        Work(days: 14, "another");
        for (var day = 0; day < 5; day++)
        {
            for (var i = 0; i < 4; i++)
            {
                Carry("agent-1", $"job-{day}-{i}");
            }

            _now = _now.AddDays(1);
        }

        Assert.Single(_anomalies, anomaly => anomaly.Evidence.Detector == "data-mixing");
    }

    [Fact]
    public void Where_all_agents_are_new_nobody_is_asked_about_each()
    {
        Carry("agent-1", "job");
        Assert.Empty(_anomalies);
    }

    [Fact]
    public void Where_it_is_the_job_of_most_agents_a_new_one_is_not_asked_about()
    {
        Work(days: 14, "another");
        for (var agent = 0; agent < 100; agent++)
        {
            for (var i = 0; i < 3; i++)
            {
                Carry($"agent-{agent}", $"job-{agent}-{i}");
            }

            Work(days: 5, $"agent-{agent}");
        }

        _anomalies.Clear();
        Carry("new", "job-new");
        Assert.DoesNotContain(_anomalies, anomaly => anomaly.Evidence.Detector == "data-mixing");
    }

    [Fact]
    public void What_another_open_session_read_is_not_named_as_the_cause()
    {
        Work(days: 14);
        Call("hr.read", ToolAction.Read, "payroll/2024", "another");
        Carry("agent-1", "mix");
        var anomaly = Assert.Single(_anomalies, anomaly => anomaly.Evidence.Detector == "data-mixing");
        Assert.Contains("payroll/2026", anomaly.Evidence.CausalChain![0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Restricted_data_carried_on_as_a_job_is_not()
    {
        for (var i = 0; i < 100; i++)
        {
            Carry("agent-1", $"job-{i}");
            _now = _now.AddMinutes(40);
        }

        _anomalies.Clear();
        Carry("agent-1", "job");
        Assert.DoesNotContain(_anomalies, anomaly => anomaly.Evidence.Detector == "data-mixing");
    }

    [Fact]
    public void Another_agents_credential_is_raised_at_once_and_a_rotated_one_is_not()
    {
        Call("crm.read", ToolAction.Read, "crm:1", "a", agent: "other", credential: "key-other");
        Work(days: 14);
        Call("crm.read", ToolAction.Read, "crm:1", "b", credential: "key-rotated");
        Assert.DoesNotContain(_anomalies, anomaly => anomaly.Evidence.Detector == "credential-use");
        Call("crm.read", ToolAction.Read, "crm:1", "b", credential: "key-other");
        Assert.Contains(_anomalies, anomaly => anomaly.Evidence.Feature == "another_agents_credential");
    }

    [Fact]
    public void A_session_that_raised_an_alarm_teaches_nothing_that_follows_in_it()
    {
        Call("crm.read", ToolAction.Read, "crm:1", "a", agent: "other", credential: "key-other");
        Work(days: 14);
        Call("crm.read", ToolAction.Read, "crm:1", "bad", credential: "key-other");
        Assert.Contains(_anomalies, anomaly => anomaly.Evidence.Detector == "credential-use");

        Call("crm.read", ToolAction.Read, "crm:unheard-of", "bad");
        Call("crm.read", ToolAction.Read, "crm:unheard-of", "good");
        Assert.Equal("novelty", _engine.Detectors[_output.TopDetector].Name);
    }

    private void Work(int days, string agent = "agent-1")
    {
        var random = new Random(5);
        for (var day = 0; day < days; day++)
        {
            for (var session = 0; session < 12; session++)
            {
                for (var call = 0; call < 5; call++)
                {
                    Call(call % 2 == 0 ? "crm.read" : "crm.update", call % 2 == 0 ? ToolAction.Read : ToolAction.Write, $"crm:{random.Next(8)}", $"w-{day}-{session}", agent);
                }

                _now = _now.AddMinutes(100);
            }
        }

        _anomalies.Clear();
    }

    private void Carry(string agent, string session)
    {
        Call("hr.read", ToolAction.Read, "payroll/2026", session, agent);
        Call("mail.send", ToolAction.Send, "email:bob@example.com", session, agent);
    }

    private void Call(string tool, ToolAction action, string resource, string session, string agent = "agent-1", string credential = "key-1")
    {
        _output.Clear();
        var call = Some.ToolCall(_now, (++_ids).ToString(CultureInfo.InvariantCulture), agent, tool, [resource], credential: credential, session: session, action: action);
        Assert.Equal(CallVerdict.Accepted, _engine.Process(call, _now, _output));
        Assert.Empty(_output.Failures);
        _anomalies.AddRange(_output.Anomalies);
        _now = _now.AddSeconds(5);
    }
}
