namespace AgentSentinel.Core.Tests;

/// <summary>Tests that measure the memory of the process, for which nothing else may run beside them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
