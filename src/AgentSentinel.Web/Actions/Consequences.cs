using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Response;
using AgentSentinel.Web.Text;

namespace AgentSentinel.Web.Actions;

/// <summary>What an action will do, in words, before it is done.</summary>
internal static class Consequences
{
    public static IReadOnlyList<string> Of(ActionCase action, SuspensionTargetKind part, Verdict? verdict) => action.Kind switch
    {
        OperatorCommandKind.Suspend => Suspend(action, part),
        OperatorCommandKind.Approve => Approve(action),
        OperatorCommandKind.Lift => Lift(action),
        OperatorCommandKind.Dismiss =>
        [
            "The incident is closed, and what it proposed is withdrawn. What is suspended stays suspended.",
            "The agent's risk begins anew, and its behaviour may be learned as usual. If it goes on, another incident opens.",
        ],
        OperatorCommandKind.Verdict when verdict == Verdict.False =>
        [
            "The incident's suspensions are lifted, the incident is closed and the agent's risk begins anew.",
            "It counts against the automation: too many false suspensions disarm it.",
        ],
        OperatorCommandKind.Verdict => ["Nothing changes for the agent. It counts for the automation: the suspension was right."],
        OperatorCommandKind.Disarm => ["From now on nothing is suspended automatically: it is proposed and waits for a person. What is suspended stays suspended."],
        OperatorCommandKind.Arm => ["The automation suspends again by itself, within its budgets. Verdicts up to now no longer count against it."],
        _ => [],
    };

    private static List<string> Suspend(ActionCase action, SuspensionTargetKind part)
    {
        var lines = new List<string>
        {
            part switch
            {
                SuspensionTargetKind.Session => "This one session is stopped. The agent's other sessions go on.",
                SuspensionTargetKind.Credential => "This credential opens nothing any more, in no session. With another credential the agent goes on.",
                _ => "The agent is stopped entirely: every session, every credential.",
            },
        };
        if (part != SuspensionTargetKind.Session && action.UsualCalls is { } calls)
        {
            lines.Add(calls < 0.5
                ? "It usually makes no calls in that time."
                : string.Create(CultureInfo.InvariantCulture, $"In that time it usually makes about {Words.Number(calls)} calls, which are lost."));
        }

        lines.Add($"It ends by itself after {Words.Span(action.Duration)}{(action.Repeats > 0 ? string.Create(CultureInfo.InvariantCulture, $", longer than a first one: {action.Repeats} of late") : "")}. It can be lifted at any time.");
        Add(action, lines);
        if (action.NeedOfTwo is { } need)
        {
            lines.Add($"Two people have to agree, because {need}: until a second one approves nothing is stopped.");
        }

        lines.Add("Access that was granted before may go on for as long as the identity system says; the suspension tells how long.");
        return lines;
    }

    private static List<string> Approve(ActionCase action)
    {
        var lines = new List<string>();
        if (action.NeedOfTwo is { } need)
        {
            lines.Add($"Two people have to agree, because {need}: the first approval waits for the second.");
        }

        lines.Add($"The suspension is ordered at once, and ends by itself after {Words.Span(action.Duration)}.");
        if (action.UsualCalls is > 0.5 and var calls)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"In that time the agent usually makes about {Words.Number(calls)} calls."));
        }

        Add(action, lines);
        return lines;
    }

    private static List<string> Lift(ActionCase action) => action.Suspension?.State == "proposed"
        ? ["The proposal is withdrawn. Nothing was stopped, and nothing is."]
        :
        [
            "What was taken away is given back as it was before, and read back.",
            "For a while the automation does not suspend this agent again: it only proposes.",
        ];

    private static void Add(ActionCase action, List<string> lines)
    {
        if (action.Declared is not { } declared)
        {
            return;
        }

        if (declared.Owner.Length > 0)
        {
            lines.Add($"{PlainText.Of(declared.Owner)} answers for it{(declared.Purpose.Length > 0 ? $"; it is there to: {PlainText.Of(declared.Purpose)}" : "")}.");
        }

        if (declared.Substitute is { } substitute)
        {
            lines.Add($"{PlainText.Of(substitute)} does its work meanwhile.");
        }
        else if (action.PeersLeft is { } peers)
        {
            lines.Add(peers == 0
                ? "No other agent of its group is left to do its work."
                : string.Create(CultureInfo.InvariantCulture, $"{peers} other {(peers == 1 ? "agent" : "agents")} of its group {(peers == 1 ? "goes" : "go")} on."));
        }
    }
}
