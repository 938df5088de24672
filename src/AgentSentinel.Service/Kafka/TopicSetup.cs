using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>Before the lines start: sees to it that the topics are there, and those that further outputs write to.</summary>
internal sealed class TopicSetup(KafkaOptions options, IReadOnlyList<string> further, ILogger<TopicSetup> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        options.CreateTopics ? KafkaTopics.EnsureAsync(options, further, log, cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
