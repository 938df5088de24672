using System.ComponentModel;
using System.Text.Json.Serialization;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Commands;

namespace AgentSentinel.Service.Api;

/// <summary>A command as it comes over HTTP.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CommandBody
{
    [Description("What is to be done.")]
    public required CommandKind Command { get; init; }

    [Description("An agent for suspend, a suspension for lift and approve, an incident for dismiss, either for verdict; an owner, or * for all, for arm and disarm; for erase the value that is to go, of which only a keyed fingerprint is written down.")]
    public required string Target { get; init; }

    [Description("Why. It stands in the journal and the audit beside your name.")]
    public required string Reason { get; init; }

    [Description("For suspend: only this session of the agent.")]
    public string? Session { get; init; }

    [Description("For suspend: only this credential of the agent.")]
    public string? Credential { get; init; }

    [Description("For verdict: what came out.")]
    public Verdict? Verdict { get; init; }

    /// <summary>The command's kind in the journal.</summary>
    [JsonIgnore]
    public OperatorCommandKind Kind => Command switch
    {
        CommandKind.Suspend => OperatorCommandKind.Suspend,
        CommandKind.Lift => OperatorCommandKind.Lift,
        CommandKind.Approve => OperatorCommandKind.Approve,
        CommandKind.Dismiss => OperatorCommandKind.Dismiss,
        CommandKind.Verdict => OperatorCommandKind.Verdict,
        CommandKind.Disarm => OperatorCommandKind.Disarm,
        CommandKind.Erase => OperatorCommandKind.Erase,
        _ => OperatorCommandKind.Arm,
    };

    /// <param name="key">Key of the deployment: what is to be erased must not be written into the journal once more.</param>
    public CommandRequest ToRequest(FingerprintKey key) => new(Kind, Command == CommandKind.Erase ? AuditErasure.TargetOf(key, Target) : Target, Reason)
    {
        Part = Session is not null ? new SuspensionTarget(SuspensionTargetKind.Session, Session)
            : Credential is not null ? new SuspensionTarget(SuspensionTargetKind.Credential, Credential)
            : null,
        Verdict = Verdict,
    };
}

/// <summary>What can be commanded over HTTP.</summary>
internal enum CommandKind
{
    Suspend,
    Lift,
    Approve,
    Dismiss,
    Verdict,
    Disarm,
    Arm,
    Erase,
}
