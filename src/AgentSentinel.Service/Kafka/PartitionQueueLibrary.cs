using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>librdkafka's queue per partition, which Confluent's client does not wrap: see <see cref="PartitionQueue"/>.</summary>
internal sealed class PartitionQueueLibrary
{
    private static readonly Lazy<PartitionQueueLibrary> Loaded = new(() => new PartitionQueueLibrary());

    // Confluent keeps the native handle to itself. A client of our own would need its own configuration, rebalancing and logging
    // around it, to be kept right for ever; this needs one property, and fails at the start when it is not there.
    private static readonly PropertyInfo? NativeHandle =
        typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);

    private PartitionQueueLibrary()
    {
        QueueOf = NativeLibrdkafka.Function<QueueOfFunction>("rd_kafka_queue_get_partition");
        Forward = NativeLibrdkafka.Function<ForwardFunction>("rd_kafka_queue_forward");
        EnableEvent = NativeLibrdkafka.Function<EnableEventFunction>("rd_kafka_queue_cb_event_enable");
        ConsumeBatch = NativeLibrdkafka.Function<ConsumeBatchFunction>("rd_kafka_consume_batch_queue");
        DestroyQueue = NativeLibrdkafka.Function<DestroyFunction>("rd_kafka_queue_destroy");
        DestroyMessage = NativeLibrdkafka.Function<DestroyFunction>("rd_kafka_message_destroy");
        HeadersOf = NativeLibrdkafka.Function<HeadersOfFunction>("rd_kafka_message_headers");
        LastHeader = NativeLibrdkafka.Function<LastHeaderFunction>("rd_kafka_header_get_last");
        TimestampOf = NativeLibrdkafka.Function<TimestampOfFunction>("rd_kafka_message_timestamp");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
    public delegate nint QueueOfFunction(nint client, string topic, int partition);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void ForwardFunction(nint queue, nint destination);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void EventCallback(nint client, nint opaque);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void EnableEventFunction(nint queue, EventCallback? callback, nint opaque);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate nint ConsumeBatchFunction(nint queue, int timeoutMs, [In, Out] nint[] messages, nint size);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void DestroyFunction(nint handle);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate long TimestampOfFunction(nint message, out int type);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int HeadersOfFunction(nint message, out nint headers);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int LastHeaderFunction(nint headers, byte[] name, out nint value, out nint size);

    public static PartitionQueueLibrary Instance => Loaded.Value;

    public QueueOfFunction QueueOf { get; }

    public ForwardFunction Forward { get; }

    public EnableEventFunction EnableEvent { get; }

    public ConsumeBatchFunction ConsumeBatch { get; }

    public DestroyFunction DestroyQueue { get; }

    public DestroyFunction DestroyMessage { get; }

    public TimestampOfFunction TimestampOf { get; }

    public HeadersOfFunction HeadersOf { get; }

    public LastHeaderFunction LastHeader { get; }

    /// <summary>The client's <c>rd_kafka_t</c>. Valid until the client is disposed.</summary>
    public static nint NativeHandleOf(IClient client) =>
        NativeHandle?.GetValue(client.Handle) is SafeHandle { IsInvalid: false } handle
            ? handle.DangerousGetHandle()
            : throw new InvalidOperationException("This version of the Kafka client does not let its native handle be found.");
}
