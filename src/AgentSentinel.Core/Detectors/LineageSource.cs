using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Detectors;

/// <summary>A call of an open session whose result may have brought something in.</summary>
/// <param name="Id">Fingerprint of the call's id.</param>
/// <param name="Tool">Fingerprint of its tool.</param>
/// <param name="Trust">Who could have written its result.</param>
/// <param name="CallId">The id, for the causal chain. Text from telemetry: data.</param>
/// <param name="ToolName">The tool, for the causal chain. Text from telemetry: data.</param>
internal readonly record struct LineageSource(ulong Id, ulong Tool, SourceTrust Trust, string CallId, string ToolName)
{
    /// <summary>Neither the request nor any result has the value as it stands: it was made up, or changed beyond recognition on the way.</summary>
    public static readonly LineageSource Nowhere = new(0, 2, SourceTrust.Unknown, "", "nowhere");

    public bool IsNowhere => Tool == Nowhere.Tool;

    /// <summary>What stands for the source in flows: a value that the request speaks of comes from elsewhere than one that it does not, as it were.</summary>
    public ulong FlowOf(bool isAsked) => isAsked ? ~Tool : Tool;
}
