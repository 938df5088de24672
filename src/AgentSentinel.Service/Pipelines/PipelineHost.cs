using System.Collections.Concurrent;
using AgentSentinel.Service.Kafka;
using Akka.Actor;
using Akka.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Pipelines;

/// <summary>Runs one <see cref="PartitionPipeline"/> for each partition of a topic that the consumer group gives to this process.</summary>
/// <param name="name">Which line it is, for logs and health: <c>detection</c> or <c>response</c>.</param>
/// <param name="topic">The topic.</param>
/// <param name="groupId">The consumer group.</param>
/// <param name="open">Takes ownership of a partition's memory.</param>
/// <param name="readsOrigin">Whether batches carry the headers that say who wrote a record.</param>
/// <param name="options">Kafka options.</param>
/// <param name="system">The actor system that runs the graphs.</param>
/// <param name="time">Processing time.</param>
/// <param name="meters">Meters.</param>
/// <param name="log">Log.</param>
internal sealed partial class PipelineHost(
    string name,
    string topic,
    string groupId,
    Func<int, IPartitionWorker> open,
    bool readsOrigin,
    KafkaOptions options,
    ActorSystem system,
    TimeProvider time,
    SentinelMeters meters,
    ILogger log) : IHostedService, IPartitionOwner, IAsyncDisposable
{
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<int, PartitionPipeline> _pipelines = new();
    private readonly ActorMaterializer _materializer = system.Materializer();
    private readonly RestartSettings _restarts = RestartSettings
        .Create(minBackoff: TimeSpan.FromMilliseconds(200), maxBackoff: TimeSpan.FromSeconds(30), randomFactor: 0.2);

    private PartitionedConsumer? _consumer;

    public string Name => name;

    /// <summary>Where each partition stands.</summary>
    public IReadOnlyCollection<PartitionLag> Lag => _consumer?.Lag ?? [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _consumer = new PartitionedConsumer(options, topic, groupId, this, time, log, readsOrigin);
        return Task.CompletedTask;
    }

    /// <summary>Drains, checkpoints and commits every partition, then leaves the group.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_consumer is not null)
        {
            await _consumer.DisposeAsync();
            _consumer = null;
        }
    }

    /// <summary>Why this line is not working, or null when it is.</summary>
    public string? Complaint()
    {
        if (_consumer is not { } consumer)
        {
            return $"{name}: not started";
        }

        if (consumer.Completion.IsFaulted)
        {
            return $"{name}: reading {topic} ended";
        }

        var failing = _pipelines.Count(p => p.Value.IsFailing);
        return failing > 0 ? $"{name}: {failing} partition(s) of {topic} are restarting"
            : consumer.SinceLastPoll > StalledAfter ? $"{name}: {topic} is not polled"
            : null;
    }

    public long? OnAssigned(AssignedPartition partition)
    {
        var pipeline = new PartitionPipeline(topic, partition, open, meters, log);
        _pipelines[partition.Partition] = pipeline;
        long? begin = null;
        try
        {
            begin = pipeline.Begin();
            PartitionAssigned(log, name, topic, partition.Partition, begin.Value);
        }
        catch (Exception error)
        {
            // The graph tries again, with backoff; the group must not be held up meanwhile.
            MemoryUnavailable(log, name, topic, partition.Partition, error);
        }

        pipeline.Run(_materializer, _restarts);
        return begin;
    }

    public async ValueTask OnRevokedAsync(int partition)
    {
        if (_pipelines.TryRemove(partition, out var pipeline))
        {
            await pipeline.Completion;
            PartitionReleased(log, name, topic, partition);
        }
    }

    public void OnLost(int partition)
    {
        if (_pipelines.TryRemove(partition, out var pipeline))
        {
            pipeline.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}: {Topic}/{Partition} is ours, from offset {Offset}.")]
    private static partial void PartitionAssigned(ILogger log, string line, string topic, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}: {Topic}/{Partition} was drained and given back.")]
    private static partial void PartitionReleased(ILogger log, string line, string topic, int partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Line}: the memory of {Topic}/{Partition} cannot be opened; trying again.")]
    private static partial void MemoryUnavailable(ILogger log, string line, string topic, int partition, Exception error);
}
