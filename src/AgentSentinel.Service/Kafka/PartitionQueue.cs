using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// The records librdkafka has fetched for one partition. Reading them partition by partition is what makes backpressure cheap:
/// a partition whose pipeline is slow is not read, and librdkafka stops fetching it by itself. Pausing, which is all a shared
/// queue leaves, throws fetched records away and fetches them again. Owned by the polling thread.
/// </summary>
internal sealed class PartitionQueue : IDisposable
{
    private static readonly int ErrorAt = OffsetOf(nameof(NativeMessage.Error));
    private static readonly int ValueAt = OffsetOf(nameof(NativeMessage.Value));
    private static readonly int ValueLengthAt = OffsetOf(nameof(NativeMessage.ValueLength));
    private static readonly int KeyAt = OffsetOf(nameof(NativeMessage.Key));
    private static readonly int KeyLengthAt = OffsetOf(nameof(NativeMessage.KeyLength));
    private static readonly int OffsetAt = OffsetOf(nameof(NativeMessage.Offset));

    // Of a record that claims a longer one the rest does not matter: no producer has such a name.
    private const int LongestHeader = 512;

    private static readonly byte[] ProducerHeader = "sentinel.producer\0"u8.ToArray();
    private static readonly byte[] SignatureHeader = "sentinel.signature\0"u8.ToArray();

    private readonly bool _readsOrigin;
    private readonly byte[] _origin = new byte[2 * LongestHeader];
    private readonly PartitionQueueLibrary _library = PartitionQueueLibrary.Instance;
    private readonly nint[] _messages;
    private readonly nint _queue;
    private int _next;
    private int _count;
    private bool _isDisposed;

    /// <summary>To be made inside the assignment callback: from before the first fetch, records come here and nowhere else.</summary>
    /// <param name="client">The client's native handle.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="readAhead">Records taken over from librdkafka at once.</param>
    /// <param name="onFilled">Called on a thread of librdkafka when records come into the empty queue; must outlive the queue.</param>
    /// <param name="readsOrigin">Whether the headers that say who wrote a record are read too.</param>
    public PartitionQueue(nint client, string topic, int partition, int readAhead, PartitionQueueLibrary.EventCallback onFilled, bool readsOrigin)
    {
        _readsOrigin = readsOrigin;
        _messages = new nint[readAhead];
        _queue = _library.QueueOf(client, topic, partition);
        _library.Forward(_queue, 0);
        _library.EnableEvent(_queue, onFilled, 0);
    }

    /// <summary>True while records are left that were taken over but not taken out.</summary>
    public bool HasTaken => _next < _count;

    public ErrorCode Error => (ErrorCode)Marshal.ReadInt32(Current, ErrorAt);

    public long Offset => Marshal.ReadInt64(Current, OffsetAt);

    /// <summary>Length of key and value together.</summary>
    public int Bytes => Length(KeyLengthAt) + Length(ValueLengthAt);

    private nint Current => _messages[_next];

    /// <summary>Goes to the next record, without waiting; false when there is none for now.</summary>
    public bool MoveNext()
    {
        if (_next < _count)
        {
            return true;
        }

        _next = 0;
        // Negative for an error; those of the partition come as records that carry one.
        _count = Math.Max(0, (int)_library.ConsumeBatch(_queue, 0, _messages, _messages.Length));
        return _count > 0;
    }

    /// <summary>Copies the current record: the only copy between librdkafka and the pipeline.</summary>
    public void CopyTo(RecordBatch batch)
    {
        var message = Current;
        var (producer, signature) = (0, 0);
        if (_readsOrigin && _library.HeadersOf(message, out var headers) == 0)
        {
            producer = ReadHeader(headers, ProducerHeader, 0);
            signature = ReadHeader(headers, SignatureHeader, LongestHeader);
        }

        batch.Add(
            Offset, Math.Max(0, _library.TimestampOf(message, out _)),
            Marshal.ReadIntPtr(message, KeyAt), Length(KeyLengthAt), Marshal.ReadIntPtr(message, ValueAt), Length(ValueLengthAt),
            _origin.AsSpan(0, producer), _origin.AsSpan(LongestHeader, signature));
    }

    /// <summary>Gives the current record back to librdkafka.</summary>
    public void Release() => _library.DestroyMessage(_messages[_next++]);

    /// <summary>Gives everything taken over back: of an epoch that is over.</summary>
    public void ReleaseAll()
    {
        while (_next < _count)
        {
            Release();
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            ReleaseAll();
            _library.EnableEvent(_queue, null, 0);
            _library.DestroyQueue(_queue);
        }
    }

    private static int OffsetOf(string field) => (int)Marshal.OffsetOf<NativeMessage>(field);

    private int ReadHeader(nint headers, byte[] name, int at)
    {
        if (_library.LastHeader(headers, name, out var value, out var size) != 0 || value == 0)
        {
            return 0;
        }

        var length = (int)Math.Min(size, LongestHeader);
        Marshal.Copy(value, _origin, at, length);
        return length;
    }

    private int Length(int at) => (int)Marshal.ReadIntPtr(Current, at);

    /// <summary>librdkafka's <c>rd_kafka_message_t</c>, for the places of its fields only.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeMessage
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Value;
        public nint ValueLength;
        public nint Key;
        public nint KeyLength;
        public long Offset;
        public nint Private;
    }
}
