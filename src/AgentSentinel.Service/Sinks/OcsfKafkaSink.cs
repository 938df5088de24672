using System.Text;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Sinks;

/// <summary>OCSF findings on a Kafka topic, keyed by agent.</summary>
internal sealed class OcsfKafkaSink(RecordProducer producer, string topic, string? consoleUrl) : IAlertSink
{
    public string Name => "ocsf-kafka";

    public Task WriteAsync(Alert alert, CancellationToken cancellationToken) =>
        producer.AppendAsync(topic, null, Encoding.UTF8.GetBytes(alert.AgentId), OcsfFinding.Write(alert, consoleUrl), null, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
