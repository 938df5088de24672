using System.ComponentModel;

namespace AgentSentinel.Service.Health;

/// <summary>Health endpoints and telemetry of the service itself.</summary>
public sealed record HealthOptions
{
    /// <summary>Where the health endpoints listen; empty: nowhere.</summary>
    [Description("Address of the health endpoints /health/live and /health/ready, such as http://127.0.0.1:8080. Empty: none. They tell no secrets but have no authentication.")]
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Where meters are sent by OTLP; empty: nowhere.</summary>
    [Description("OTLP endpoint (gRPC) to which the service's own meters are sent, such as http://127.0.0.1:4317. Empty: none.")]
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>Ready only while no partition is behind by more records than this.</summary>
    [Description("Not ready while any partition is further behind than this many records.")]
    public long MaxReadyLag { get; init; } = 1_000_000;
}
