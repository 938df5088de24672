using System.ComponentModel;

namespace AgentSentinel.Service.Sinks;

/// <summary>Where alerts go.</summary>
public sealed record SinkOptions
{
    /// <summary>Whether alerts are written to the log.</summary>
    [Description("Whether alerts are written to the structured log.")]
    public bool Log { get; init; } = true;

    /// <summary>File to which alerts are appended, or null.</summary>
    [Description("File to which alerts are appended, one JSON object a line. Empty: none.")]
    public string? File { get; init; }

    /// <summary>Whether alerts are appended to the alert topic.</summary>
    [Description("Whether alerts are appended to the alert topic (Kafka:AlertTopic).")]
    public bool Kafka { get; init; } = true;

    /// <summary>Alerts waiting per sink; when it is full the oldest is dropped and counted.</summary>
    [Description("Alerts that may wait for a sink. When more come the oldest is dropped and counted.")]
    public int QueueLength { get; init; } = 1024;

    /// <summary>Longest time for one alert.</summary>
    [Description("Longest time that a sink may take for one alert.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
