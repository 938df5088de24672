using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Live;

/// <summary>A command and what became of it.</summary>
/// <param name="Command">The command as it stands in the journal.</param>
/// <param name="State">What became of it.</param>
/// <param name="Effects">What people were told because of it, in order. May quote telemetry: data.</param>
/// <param name="SuspensionIds">Suspensions that it made, changed or ended.</param>
public sealed record CommandOutcome(OperatorCommand Command, CommandState State, IReadOnlyList<string> Effects, IReadOnlyList<string> SuspensionIds);
