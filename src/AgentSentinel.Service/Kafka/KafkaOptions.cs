using System.ComponentModel;

namespace AgentSentinel.Service.Kafka;

/// <summary>Where Kafka is, which topics are used, and how much may wait between Kafka and the pipelines.</summary>
public sealed record KafkaOptions
{
    /// <summary>Brokers to begin with, <c>host:port</c>, separated by commas.</summary>
    [Description("Brokers to begin with, host:port, separated by commas.")]
    public string BootstrapServers { get; init; } = "localhost:9092";

    /// <summary>Topic of the agents' tool calls, keyed by agent id.</summary>
    [Description("Topic of the agents' tool calls, keyed by agent id.")]
    public string ToolCallTopic { get; init; } = "agent.tool-calls";

    /// <summary>Topic of anomalies, commands and reports; it has one partition.</summary>
    [Description("Topic of anomalies, operator commands and delivery reports. It must have exactly one partition.")]
    public string JournalTopic { get; init; } = "agentsentinel.journal";

    /// <summary>Topic of the records that could not be read.</summary>
    [Description("Topic of the records that could not be read, each with its reason.")]
    public string DeadLetterTopic { get; init; } = "agentsentinel.dead-letters";

    /// <summary>Topic of the alerts for other systems.</summary>
    [Description("Topic of the alerts for other systems.")]
    public string AlertTopic { get; init; } = "agentsentinel.alerts";

    /// <summary>Consumer group; members of one group share the partitions.</summary>
    [Description("Consumer group. Instances with the same group share the partitions.")]
    public string GroupId { get; init; } = "agentsentinel";

    /// <summary>Raw librdkafka settings (security, for one) for every client.</summary>
    [PasswordPropertyText(true)]
    [Description("Raw librdkafka settings, given to every client: security.protocol, sasl.*, ssl.* and the like.")]
    public Dictionary<string, string> ClientSettings { get; init; } = [];

    /// <summary>Whether missing topics are created at the start.</summary>
    [Description("Whether missing topics are created at the start.")]
    public bool CreateTopics { get; init; } = true;

    /// <summary>Partitions of the tool-call topic when it is created here.</summary>
    [Description("Partitions of the tool-call topic, used only when it is created at the start.")]
    public int ToolCallPartitions { get; init; } = 8;

    /// <summary>Most records of a batch.</summary>
    [Description("Most records handed to a pipeline at once.")]
    public int MaxBatchRecords { get; init; } = 500;

    /// <summary>Most bytes (keys and values) of a batch; a single larger record travels alone.</summary>
    [Description("Most bytes of keys and values handed to a pipeline at once; a single larger record travels alone.")]
    public int MaxBatchBytes { get; init; } = 262_144;

    /// <summary>Batches that may wait for one partition's pipeline before the partition is paused.</summary>
    [Description("Batches that may wait for a partition's pipeline before that partition is no longer read.")]
    public int ChannelBatches { get; init; } = 8;

    /// <summary>After how long without a heartbeat the group gives a member's partitions to others.</summary>
    [Description("Time without a heartbeat after which the group gives an instance's partitions to the others.")]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a rebalance waits for the pipelines to save what they know.</summary>
    [Description("How long a rebalance waits for the pipelines of the revoked partitions to write their checkpoints.")]
    public TimeSpan RevokeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an idle partition's pipeline is told that nothing is new.</summary>
    [Description("How often the pipeline of an idle partition is told that there is nothing new, so that its windows can close.")]
    public TimeSpan IdleTick { get; init; } = TimeSpan.FromSeconds(1);
}
