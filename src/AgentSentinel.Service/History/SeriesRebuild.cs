using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Provenance;
using Confluent.Kafka;

namespace AgentSentinel.Service.History;

/// <summary>
/// Time series made anew from the tool calls that Kafka still holds: every partition from its beginning through a fresh <see cref="DetectionEngine"/>,
/// whose closed windows are written again. Points from before stay; a window that is read again replaces its point. May run beside the service.
/// </summary>
/// <remarks>The usual range and the scores are those of an engine that begins with the first call that is still there: early on it is still warming up.</remarks>
internal sealed class SeriesRebuild(SentinelOptions options, DeclarationSet declared)
{
    private const int PointsAtATime = 5_000;
    private const int ProfilesAtATime = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Why it cannot be done; null when it can.</summary>
    public string? Objection => new ProducerBinding(options.Provenance).IsOn
        ? "With Provenance on, records are judged by who wrote them as they come in; read again later, those that were refused could not be told from the others."
        : null;

    /// <summary>Reads all partitions up to where they end now.</summary>
    /// <param name="onProgress">Told after each part of a partition: its number, how many calls were read and how many points were written so far.</param>
    /// <param name="cancellationToken">Stops between two records.</param>
    /// <exception cref="KafkaException">Kafka cannot be read.</exception>
    public void Run(Action<int, long, long> onProgress, CancellationToken cancellationToken)
    {
        // Every partition begins as long ago as the first: nothing is too old before all are read.
        var unlimited = options.History with { KeepMinutes = TimeSpan.FromDays(3650) };
        using (var tables = new SeriesTables(options.History.PathOf(options.Checkpoints.Folder), unlimited))
        {
            var settings = KafkaClientSettings.ForConsumer(options.Kafka, $"{options.Kafka.GroupId}-history-rebuild");
            settings.Set("enable.auto.commit", "false");
            settings.Set("dotnet.consumer.consume.result.fields", "timestamp");
            using var consumer = new ConsumerBuilder<Ignore, byte[]>(settings).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            foreach (var partition in Partitions())
            {
                Read(consumer, new TopicPartition(options.Kafka.ToolCallTopic, partition), tables, onProgress, cancellationToken);
            }

            tables.Gather(cancellationToken);
        }

        using var kept = new SeriesTables(options.History.PathOf(options.Checkpoints.Folder), options.History);
        kept.Gather(cancellationToken);
    }

    private IEnumerable<int> Partitions()
    {
        using var admin = new AdminClientBuilder(KafkaClientSettings.ForAdmin(options.Kafka)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var topic = admin.GetMetadata(options.Kafka.ToolCallTopic, Patience).Topics.Single(t => t.Topic == options.Kafka.ToolCallTopic);
        return topic.Error.IsError ? throw new KafkaException(topic.Error) : [.. topic.Partitions.Select(p => p.PartitionId).Order()];
    }

    private void Read(
        IConsumer<Ignore, byte[]> consumer, TopicPartition partition, SeriesTables tables, Action<int, long, long> onProgress, CancellationToken cancellationToken)
    {
        var end = consumer.QueryWatermarkOffsets(partition, Patience).High.Value;
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        var state = new VolatileState();
        var engine = new DetectionEngine(options.Detection, LineDetectors.Create(options, declared), state, declared.Registry, declared.Calendar);
        var (decoder, call, names, output) = (new ToolCallDecoder(options.Decoder), new ToolCall(), new NameAdmission(), new DetectionOutput { Windows = [] });
        var (points, calls, written) = (new List<WindowValue>(), 0L, 0L);
        for (var offset = 0L; offset < end && !cancellationToken.IsCancellationRequested;)
        {
            var record = consumer.Consume(Patience) ?? throw new KafkaException(ErrorCode.Local_TimedOut);
            offset = record.Offset.Value + 1;
            if (record.IsPartitionEOF)
            {
                break;
            }

            var receivedAt = new DateTimeOffset(record.Message.Timestamp.UtcDateTime);
            if (decoder.TryDecode(record.Message.Value, receivedAt, call, out _))
            {
                engine.Process(call, receivedAt, output);
                calls++;
            }

            Collect(output, names, points);
            if (points.Count >= PointsAtATime)
            {
                written += Write(tables, points);
                onProgress(partition.Partition.Value, calls, written);
            }

            if (engine.ChangedProfiles >= ProfilesAtATime)
            {
                engine.Save(state);
            }
        }

        // The last windows are still open where the service has them too: they are its to write.
        written += Write(tables, points);
        consumer.Unassign();
        onProgress(partition.Partition.Value, calls, written);
    }

    private static void Collect(DetectionOutput output, NameAdmission names, List<WindowValue> points)
    {
        if (output.Windows!.Count > 0)
        {
            names.Admit(output.Windows);
            points.AddRange(output.Windows);
        }

        output.Clear();
    }

    private static int Write(SeriesTables tables, List<WindowValue> points)
    {
        var count = points.Count;
        tables.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(points));
        points.Clear();
        return count;
    }
}
