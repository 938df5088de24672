using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Appends records and says when the broker has them. Idempotent and acknowledged by all replicas in sync: what was
/// acknowledged is in the log once and in order. Any thread; owned by the process's host.
/// </summary>
internal sealed class RecordProducer : IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly ILogger _log;

    public RecordProducer(KafkaOptions options, ILogger log)
    {
        _log = log;
        _producer = new ProducerBuilder<byte[], byte[]>(KafkaClientSettings.ForProducer(options))
            .SetErrorHandler((_, error) => KafkaLog.ClientError(_log, error.Code, error.Reason))
            .SetLogHandler((_, message) => KafkaLog.FromLibrary(_log, message))
            .Build();
    }

    /// <summary>
    /// Completes when the record is in the log. Faults with a <see cref="ProduceException{TKey, TValue}"/> when the broker refuses,
    /// does not answer in time, or the local queue is full (that one at once: the caller decides whether to wait or to fail).
    /// </summary>
    /// <param name="topic">Where to.</param>
    /// <param name="partition">Which partition, or null to choose by the key.</param>
    /// <param name="key">The key; empty for none.</param>
    /// <param name="value">The value.</param>
    /// <param name="headers">Headers, or null.</param>
    /// <param name="cancellationToken">Stops the wait, not the record: it may still arrive.</param>
    public Task AppendAsync(
        string topic, int? partition, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, Headers? headers, CancellationToken cancellationToken)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = key.IsEmpty ? null! : ToArray(key),
            Value = ToArray(value),
            Headers = headers,
        };
        return _producer.ProduceAsync(new TopicPartition(topic, partition ?? Partition.Any), message, cancellationToken);
    }

    /// <inheritdoc cref="AppendAsync(string, int?, ReadOnlyMemory{byte}, ReadOnlyMemory{byte}, Headers?, CancellationToken)"/>
    public Task AppendAsync(string topic, int? partition, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        AppendAsync(topic, partition, key, value, null, cancellationToken);

    /// <summary>Waits a while for what was appended, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        // The client has no asynchronous flush, and closing its threads waits too.
        await Task.Run(() =>
        {
            var left = _producer.Flush(FlushTimeout);
            if (left > 0)
            {
                KafkaLog.NotFlushed(_log, left);
            }

            _producer.Dispose();
        }).ConfigureAwait(false);
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
