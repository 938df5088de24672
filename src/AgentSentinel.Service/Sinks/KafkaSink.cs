using System.Text;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Sinks;

/// <summary>Alerts on a Kafka topic, keyed by agent.</summary>
internal sealed class KafkaSink(RecordProducer producer, string topic) : IAlertSink
{
    public string Name => "kafka";

    public Task WriteAsync(Alert alert, CancellationToken cancellationToken) =>
        producer.AppendAsync(topic, null, Encoding.UTF8.GetBytes(alert.AgentId), JournalJson.Write(alert), null, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
