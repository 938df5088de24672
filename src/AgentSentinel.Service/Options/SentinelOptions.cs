using System.ComponentModel;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Response;
using AgentSentinel.MachineLearning.Detectors;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Audit;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Health;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Influx;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Provenance;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Options;

/// <summary>All options of the service in one tree; each section's record lives beside the code it configures.</summary>
public sealed record SentinelOptions
{
    /// <summary>Kafka.</summary>
    [Description("Kafka: brokers, topics, group.")]
    public KafkaOptions Kafka { get; init; } = new();

    /// <summary>Decoding.</summary>
    [Description("Limits of what is accepted as a tool call.")]
    public DecoderOptions Decoder { get; init; } = new();

    /// <summary>Files of declarations.</summary>
    [Description("Files in which people declare what they know of the agents.")]
    public DeclarationOptions Declarations { get; init; } = new();

    /// <summary>Who may write telemetry of whom.</summary>
    [Description("Which producer may write the telemetry of which agents.")]
    public ProvenanceOptions Provenance { get; init; } = new();

    /// <summary>Detection.</summary>
    [Description("Detection: budget, windows, memory.")]
    public DetectionOptions Detection { get; init; } = new();

    /// <summary>Detectors.</summary>
    [Description("One section per detector.")]
    public MachineLearningOptions Detectors { get; init; } = new();

    /// <summary>Incidents and suspension policy.</summary>
    [Description("Response: incidents and suspension policy.")]
    public ResponseOptions Response { get; init; } = new();

    /// <summary>The suspension webhook.</summary>
    [Description("The webhook that carries out suspensions.")]
    public WebhookOptions Webhook { get; init; } = new();

    /// <summary>Other ways to suspend.</summary>
    [Description("Ways to suspend besides the webhook. An order goes to every way that knows its agent, and is confirmed when all have carried it out; all follow the schedule of the section Webhook.")]
    public SuspensionAdapterOptions Suspensions { get; init; } = new();

    /// <summary>Alert sinks.</summary>
    [Description("Where alerts go.")]
    public SinkOptions Alerts { get; init; } = new();

    /// <summary>The audit trail.</summary>
    [Description("The audit trail of the response side.")]
    public AuditOptions Audit { get; init; } = new();

    /// <summary>Checkpoints.</summary>
    [Description("Where memory is saved, and how often.")]
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>History.</summary>
    [Description("What is kept for people to look at, and for how long.")]
    public HistoryOptions History { get; init; } = new();

    /// <summary>InfluxDB.</summary>
    [Description("InfluxDB, where time series are written besides the history file.")]
    public InfluxOptions Influx { get; init; } = new();

    /// <summary>Health endpoints.</summary>
    [Description("Health endpoints and telemetry of the service itself.")]
    public HealthOptions Health { get; init; } = new();

    /// <summary>The HTTP API.</summary>
    [Description("The HTTP API: where it listens and who may use it.")]
    public ApiOptions Api { get; init; } = new();

    /// <summary>Decisions for gateways.</summary>
    [Description("What gateways are answered that ask whether an agent may act.")]
    public DecisionOptions Decisions { get; init; } = new();

    /// <summary>Whether there is any way to carry a suspension out.</summary>
    public bool CanSuspend => Webhook.Url is { Length: > 0 } || Suspensions.IsAny;
}
