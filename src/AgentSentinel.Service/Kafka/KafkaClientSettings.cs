using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// librdkafka's settings for each kind of client. Three layers: defaults of ours, then the operator's raw settings, then what
/// must hold for the pipeline to be correct and therefore cannot be changed.
/// </summary>
internal static class KafkaClientSettings
{
    private const int OldestMajorVersion = 2;

    public static ConsumerConfig ForConsumer(KafkaOptions options, string groupId)
    {
        var heartbeat = Math.Min(3000, options.SessionTimeout.TotalMilliseconds / 3);
        var settings = ForAnyClient(options, new()
        {
            // The default of a second stalls every consumer that is slower than the fetcher.
            ["fetch.queue.backoff.ms"] = "5",
            // What waits in librdkafka counts per partition here, as each has its own queue: 8 MiB instead of 64.
            ["queued.min.messages"] = "10000",
            ["queued.max.messages.kbytes"] = "8192",
            // A broker answers one fetch at a time: a partition that has room again waits for the idle ones' answer.
            ["fetch.wait.max.ms"] = "100",
            // How soon a new or late topic and added partitions are seen.
            ["topic.metadata.refresh.interval.ms"] = "30000",
            ["heartbeat.interval.ms"] = Format(heartbeat),
            ["auto.offset.reset"] = "earliest",
            // Creating topics is the start's business, with the right number of partitions.
            ["allow.auto.create.topics"] = "false",
        });
        settings["group.id"] = groupId;
        settings["session.timeout.ms"] = Format(options.SessionTimeout.TotalMilliseconds);
        settings["partition.assignment.strategy"] = "cooperative-sticky";
        // Offsets are stored after the checkpoint, by the owner; committing what was stored may happen by itself.
        settings["enable.auto.offset.store"] = "false";
        settings["enable.auto.commit"] = "true";
        settings["enable.partition.eof"] = "true";
        settings["dotnet.consumer.consume.result.fields"] = "none";
        return new ConsumerConfig(settings);
    }

    public static ProducerConfig ForProducer(KafkaOptions options)
    {
        var settings = ForAnyClient(options, new()
        {
            ["linger.ms"] = "2",
            ["compression.type"] = "lz4",
            ["queue.buffering.max.messages"] = "100000",
            ["queue.buffering.max.kbytes"] = "65536",
            // Two minutes of the client's default would hide a broker that does not take the journal.
            ["message.timeout.ms"] = "30000",
        });
        settings["acks"] = "all";
        settings["enable.idempotence"] = "true";
        settings["dotnet.producer.delivery.report.fields"] = "status";
        return new ProducerConfig(settings);
    }

    public static AdminClientConfig ForAdmin(KafkaOptions options) => new(ForAnyClient(options, []));

    /// <summary>Some Linux distributions ship a librdkafka of their own that .NET may find first, years older than ours.</summary>
    public static void RequireSupportedLibrary()
    {
        if (Library.Version >> 24 < OldestMajorVersion)
        {
            throw new InvalidOperationException(
                $"librdkafka {Library.VersionString} was loaded, but version {OldestMajorVersion} or newer is needed. " +
                "Remove the system's librdkafka package, or put the one that comes with this program before it.");
        }
    }

    private static Dictionary<string, string> ForAnyClient(KafkaOptions options, Dictionary<string, string> settings)
    {
        RequireSupportedLibrary();
        settings["client.id"] = "agentsentinel";
        foreach (var (key, value) in options.ClientSettings)
        {
            settings[key] = value;
        }

        settings["bootstrap.servers"] = options.BootstrapServers;
        return settings;
    }

    private static string Format(double milliseconds) => ((int)milliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
