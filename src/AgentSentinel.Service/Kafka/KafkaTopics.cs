using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>Creates the topics that are missing. Never a reason not to start: without the right to create topics, somebody else does.</summary>
internal static class KafkaTopics
{
    private const short BrokersDefault = -1;
    private const short WantedReplicas = 3;
    // A mock cluster never answers; a real one takes well under a second.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static async Task EnsureAsync(KafkaOptions options, IEnumerable<string> further, ILogger log, CancellationToken cancellationToken)
    {
        if (!options.CreateTopics)
        {
            return;
        }

        // One partition on purpose: the fleet-wide budget needs one total order, and the journal is the audit trail.
        Dictionary<string, int> wanted = new()
        {
            [options.ToolCallTopic] = options.ToolCallPartitions,
            [options.JournalTopic] = 1,
            [options.DeadLetterTopic] = 1,
            [options.AlertTopic] = 1,
        };
        foreach (var topic in further)
        {
            wanted.TryAdd(topic, 1);
        }

        using var admin = new AdminClientBuilder(KafkaClientSettings.ForAdmin(options))
            .SetErrorHandler((_, error) => KafkaLog.ClientError(log, error.Code, error.Reason))
            .SetLogHandler((_, message) => KafkaLog.FromLibrary(log, message))
            .Build();
        try
        {
            var metadata = await Task.Run(() => admin.GetMetadata(Timeout), cancellationToken).ConfigureAwait(false);
            foreach (var topic in metadata.Topics.Where(topic => topic.Error.Code == ErrorCode.NoError))
            {
                wanted.Remove(topic.Topic);
            }

            foreach (var (topic, partitions) in wanted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await CreateAsync(admin, topic, partitions, metadata.Brokers.Count, log).ConfigureAwait(false);
            }
        }
        catch (KafkaException exception)
        {
            KafkaLog.TopicNotCreated(log, string.Join(", ", wanted.Keys), exception.Error.Reason);
        }
    }

    private static async Task CreateAsync(IAdminClient admin, string topic, int partitions, int brokers, ILogger log)
    {
        var error = await TryCreateAsync(admin, topic, partitions, BrokersDefault).ConfigureAwait(false);
        // Brokers before 2.4 have no default to ask for; which error says so differs, and the client itself may refuse.
        if (error?.Code is ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidRequest or ErrorCode.UnsupportedVersion
            or ErrorCode.Local_UnsupportedFeature)
        {
            error = await TryCreateAsync(admin, topic, partitions, (short)Math.Min(WantedReplicas, brokers)).ConfigureAwait(false);
        }

        if (error is null)
        {
            KafkaLog.TopicCreated(log, topic);
        }
        else if (error.Code != ErrorCode.TopicAlreadyExists)
        {
            KafkaLog.TopicNotCreated(log, topic, error.Reason);
            if (error.Code is ErrorCode.Local_TimedOut)
            {
                // The others would take as long, each.
                throw new KafkaException(error);
            }
        }
    }

    private static async Task<Error?> TryCreateAsync(IAdminClient admin, string topic, int partitions, short replicas)
    {
        try
        {
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = replicas }],
                new CreateTopicsOptions { RequestTimeout = Timeout, OperationTimeout = Timeout }).ConfigureAwait(false);
            return null;
        }
        catch (CreateTopicsException exception)
        {
            return exception.Results[0].Error;
        }
        catch (KafkaException exception)
        {
            return exception.Error;
        }
    }
}
