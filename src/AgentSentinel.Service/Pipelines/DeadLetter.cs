using System.Globalization;
using System.Text;
using AgentSentinel.Service.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Service.Pipelines;

/// <summary>A refused record as it goes to the dead-letter topic: its own bytes, and in the headers why and where from.</summary>
internal static class DeadLetter
{
    // A record as large as the topics allow would not fit with headers added; its source position still leads to the whole of it.
    private const int MostBytes = 262_144;

    /// <summary>Appends record <paramref name="i"/> of a batch to the dead-letter topic.</summary>
    public static Task AppendAsync(
        RecordProducer producer, KafkaOptions options, string topic, RecordBatch batch, int i, string reason, string? field, CancellationToken cancellationToken)
    {
        var value = batch.Value(i);
        var headers = new Headers
        {
            { "sentinel.reason", Encoding.UTF8.GetBytes(reason) },
            { "sentinel.source.topic", Encoding.UTF8.GetBytes(topic) },
            { "sentinel.source.partition", Number(batch.Partition) },
            { "sentinel.source.offset", Number(batch.Offset(i)) },
            { "sentinel.source.timestamp", Encoding.UTF8.GetBytes(batch.Timestamp(i).ToString("O", CultureInfo.InvariantCulture)) },
        };
        if (field is not null)
        {
            headers.Add("sentinel.field", Encoding.UTF8.GetBytes(field));
        }

        if (value.Length > MostBytes)
        {
            headers.Add("sentinel.truncated.from", Number(value.Length));
            value = value[..MostBytes];
        }

        return producer.AppendAsync(options.DeadLetterTopic, null, batch.Key(i), value, headers, cancellationToken);
    }

    private static byte[] Number(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
