using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Registry;

/// <summary>How sensitive the resources that a glob names are.</summary>
/// <param name="Match">Glob over resource names.</param>
/// <param name="Sensitivity">The label.</param>
public sealed record LabelledResources(string Match, Sensitivity Sensitivity);
