namespace AgentSentinel.Service.Influx;

/// <summary>A query that could not be answered.</summary>
public sealed class InfluxQueryException(string message, Exception? inner = null) : Exception(message, inner);
