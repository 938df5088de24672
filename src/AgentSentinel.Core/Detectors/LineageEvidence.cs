using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Detectors;

/// <summary>What people are told of a value that came from where nobody with authority had written it.</summary>
internal static class LineageEvidence
{
    /// <summary>What the score is made of, the greater part first.</summary>
    public static EvidencePart[] Parts(in LineageScore score)
    {
        var (flow, novelty) = (
            new EvidencePart("unusual_flow", Math.Max(0, score.Flow), "the argument seldom takes its value from there"),
            new EvidencePart("new_value", Math.Max(0, score.Novelty), score.Familiarity < 1 ? "the value was seen before" : "neither this agent nor its peers used the value before"));
        return flow.Surprisal >= novelty.Surprisal ? [flow, novelty] : [novelty, flow];
    }

    /// <summary>What would not have been noticed.</summary>
    public static string Counterfactual(in TracedValue value) => Sentence.Of(
        $"a value of {value.ArgumentName} that stands in the request, or that the agent has used in earlier sessions, would not have been noticed");

    /// <summary>From the request over the source to the action.</summary>
    public static CausalLink[] Chain(LineageSession session, in LineageSource source, in TracedValue value, string? action)
    {
        var told = source.IsNowhere ? session.Sources[session.LatestForeign] : source;
        var what = source.IsNowhere ? $"no result has the value {value.Value:x16} as it stands; this was the last before it, and" : $"its result{(session.IsShared(source) ? ", or that of an earlier call for which there was no room," : "")} has the value {value.Value:x16};";
        return
        [
            new CausalLink(CausalLinkKind.Request, session.RequestId, null, SourceTrust.Trusted, Sentence.Of($"the request of the session does not have the value {value.Value:x16}")),
            new CausalLink(CausalLinkKind.Source, told.CallId, told.ToolName, told.Trust, Sentence.Of($"{what} {Who(told.Trust)} could have written it")),
            new CausalLink(CausalLinkKind.Action, null, action, SourceTrust.Unknown, Sentence.Of($"used as {value.ArgumentName}")),
        ];
    }

    private static string Who(SourceTrust trust) => trust switch
    {
        SourceTrust.Trusted => "only the operator or the user",
        SourceTrust.Internal => "people of the organisation",
        SourceTrust.External => "known outside parties",
        SourceTrust.Untrusted => "anybody",
        _ => "an unknown party",
    };
}
