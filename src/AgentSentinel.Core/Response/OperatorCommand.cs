namespace AgentSentinel.Core.Response;

/// <summary>A person commands something.</summary>
/// <param name="Id">Unique id of the command.</param>
/// <param name="RecordedAt">See <see cref="JournalEntry"/>.</param>
/// <param name="Command">What is to be done.</param>
/// <param name="Target">An agent id for <see cref="OperatorCommandKind.Suspend"/>, a suspension id for lift and approve, an incident id for dismiss, either for a verdict; an owner, or <c>*</c> for all, for arm and disarm.</param>
/// <param name="Actor">Who commands it.</param>
/// <param name="Reason">Why.</param>
public sealed record OperatorCommand(
    string Id,
    DateTimeOffset RecordedAt,
    OperatorCommandKind Command,
    string Target,
    string Actor,
    string Reason) : JournalEntry(Id, RecordedAt)
{
    /// <summary>For <see cref="OperatorCommandKind.Suspend"/>: a session or credential of the agent, instead of the agent itself.</summary>
    public SuspensionTarget? Part { get; init; }

    /// <summary>For <see cref="OperatorCommandKind.Verdict"/>: what came out.</summary>
    public Verdict? Verdict { get; init; }
}
