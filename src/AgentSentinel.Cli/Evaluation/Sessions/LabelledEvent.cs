namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>One event and what is known of it.</summary>
/// <param name="Line">The event as JSON, without its labels.</param>
/// <param name="Session">Its session, or null.</param>
/// <param name="Labels">The session's ground truth; null with <paramref name="Session"/>.</param>
/// <param name="IsAttackCall">It carries out the attack.</param>
internal sealed record LabelledEvent(ReadOnlyMemory<byte> Line, string? Session, SessionLabels? Labels, bool IsAttackCall);
