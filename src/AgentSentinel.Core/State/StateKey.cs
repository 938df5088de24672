namespace AgentSentinel.Core.State;

/// <summary>Name of a piece of saved memory.</summary>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Id">Which one of that kind; empty where there is only one.</param>
public readonly record struct StateKey(StateKind Kind, string Id);
