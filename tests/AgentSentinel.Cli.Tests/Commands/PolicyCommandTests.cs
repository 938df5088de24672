using System.Globalization;
using System.Text;
using AgentSentinel.Cli.Policies;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class PolicyCommandTests : IDisposable
{
    private static readonly DateTime Start = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("suspend_agent", 29, 3)]
    [InlineData("suspend_session", 0, 3)]
    public void It_shows_what_a_policy_would_have_stopped_and_what_it_would_have_cost(string step, int goodLost, int badStopped)
    {
        var trial = Trial(step);
        Feed(trial);
        var suspension = Assert.Single(trial.Suspensions);
        Assert.Equal(("agent", "outside"), (suspension.Order.AgentId, suspension.Order.Rule));
        Assert.Equal((goodLost, badStopped, false), (suspension.GoodLost, suspension.BadStopped, suspension.IsInVain));
        Assert.Equal(TimeSpan.FromMinutes(30), suspension.Length(trial.End));
        Assert.Equal((60, 4, 0), (trial.GoodCalls, trial.BadCalls, trial.Unlabelled));
    }

    [Fact]
    public void Without_labels_a_call_in_which_nothing_is_found_counts_as_good()
    {
        var trial = Trial("suspend_agent");
        Feed(trial, isLabelled: false);
        var suspension = Assert.Single(trial.Suspensions);
        Assert.Equal((29, 3, 64), (suspension.GoodLost, suspension.BadStopped, trial.Unlabelled));
    }

    [Fact]
    public void A_label_is_read_wherever_it_stands_and_a_call_s_own_counts_before_its_session_s()
    {
        Assert.True(CallLabel.IsBad("""{"a":{"labels":1},"labels":{"kind":"attack"}}"""u8));
        Assert.False(CallLabel.IsBad("""{"labels":{"x":[{"attack_call":true}],"kind":"attack","attack_call":false},"b":1}"""u8));
        Assert.False(CallLabel.IsBad("""{"labels":{"kind":"benign"}}"""u8));
        Assert.Null(CallLabel.IsBad("""{"labels":null,"kind":"attack"}"""u8));
        Assert.Null(CallLabel.IsBad("{}"u8));
    }

    /// <summary>An agent that works in one session, once a minute, and in another does what it was never declared for.</summary>
    private static void Feed(PolicyTrial trial, bool isLabelled = true)
    {
        for (var minute = 0; minute < 60; minute++)
        {
            Take(minute, "crm.read", "work", "benign");
            if (minute is 10 or 12 or 14 or 16)
            {
                Take(minute + 0.5, "bank.pay", "hijacked", "attack");
            }
        }

        trial.Finish();

        void Take(double minute, string tool, string session, string kind) => trial.Take(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{tool}}-{{minute}}","time":"{{Start.AddDays(8).AddMinutes(minute):yyyy-MM-dd'T'HH:mm:ss'Z'}}","agent_id":"{{(minute >= 40 ? "other" : "agent")}}","tool":"{{tool}}","session_id":"{{session}}"{{(isLabelled ? $$""","labels":{"kind":"{{kind}}"}""" : "")}}}""")));
    }

    private PolicyTrial Trial(string step)
    {
        File.WriteAllText(_folder.File("registry.yaml"), """
            agents:
              - id: agent
                scope: { tools: ["crm.*"] }
              - id: other
            """);
        File.WriteAllText(_folder.File("policy.yaml"), $$"""
            version: trial
            mode: observe
            rules:
              - name: outside
                when: { detectors: [declared-scope] }
                then: {{step}}
                duration: 30m
            """);
        var options = new SentinelOptions
        {
            Declarations = new DeclarationOptions { RegistryFile = _folder.File("registry.yaml"), PolicyFile = _folder.File("policy.yaml") },
            Response = new ResponseOptions { Suspension = new SuspensionOptions { MinimumHistory = TimeSpan.Zero } },
        };
        return new PolicyTrial(options, new DateTimeOffset(Start.AddDays(30)));
    }
}
