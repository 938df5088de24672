namespace AgentSentinel.Service.Pipelines;

/// <summary>The partition was lost: its pipeline was stopped without saving.</summary>
internal sealed class PartitionAbortedException(string topic, int partition) : Exception($"{topic}/{partition} was lost.");
