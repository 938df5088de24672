using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>Orders as the response engine gives them.</summary>
internal static class SomeOrder
{
    public const string Agent = "crm-assistant";

    public static SuspensionOrder Suspend(string suspension = "sus_1", string agent = Agent) => Of(SuspensionAction.Suspend, suspension, agent);

    public static SuspensionOrder Lift(string suspension = "sus_1", string agent = Agent) => Of(SuspensionAction.Lift, suspension, agent);

    private static SuspensionOrder Of(SuspensionAction action, string suspension, string agent) => new(
        action == SuspensionAction.Suspend ? suspension : suspension + "_lift",
        action,
        suspension,
        SomeWebhook.Time,
        agent,
        [],
        "inc_1",
        Severity.High,
        "policy",
        "62 times as many calls as usual \u202E<b>",
        action == SuspensionAction.Suspend ? SomeWebhook.Time.AddHours(4) : null,
        []);
}
