namespace AgentSentinel.Core.Response.Policy;

/// <summary>How far the automation may go for some peer groups.</summary>
/// <param name="Groups">Globs over peer groups.</param>
/// <param name="Mode">The mode.</param>
public sealed record GroupMode(IReadOnlyList<string> Groups, SuspensionMode Mode);
