namespace AgentSentinel.Service.History;

/// <summary>An anomaly in history: a mark in a chart. All of it stands in its journal entry.</summary>
/// <param name="Id">Its id, which is its journal entry's too.</param>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="IncidentId">The incident that gathers it, or null.</param>
/// <param name="Time">Event time of the call that raised it, or the end of its window.</param>
/// <param name="WindowStart">Begin of its window.</param>
/// <param name="Detector">The detector.</param>
/// <param name="Feature">What was measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Score">Its score.</param>
/// <param name="Observed">What was seen.</param>
/// <param name="ExpectedLow">Low end of what is usual.</param>
/// <param name="ExpectedHigh">High end of what is usual.</param>
/// <param name="Dimension">The tool, resource or source that explains most of it, or null. Text from telemetry: data.</param>
/// <param name="Explanation">One sentence. May quote telemetry: data.</param>
/// <param name="CallId">The call that raised it, or null.</param>
/// <param name="SessionId">Its session, or null.</param>
public sealed record AnomalyRow(
    string Id,
    string AgentId,
    string? IncidentId,
    DateTimeOffset Time,
    DateTimeOffset WindowStart,
    string Detector,
    string Feature,
    string Unit,
    double Score,
    double Observed,
    double ExpectedLow,
    double ExpectedHigh,
    string? Dimension,
    string Explanation,
    string? CallId,
    string? SessionId);
