using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Takes a record's key and value out of librdkafka's memory while the client lets us look at it. The partition is not known
/// at that moment, so the bytes wait here for their batch: a second copy of half a kilobyte is cheaper than an array a record.
/// Owned by the polling thread.
/// </summary>
internal sealed class RecordScratch : IDeserializer<int>
{
    /// <summary>Length of a key or value that is null.</summary>
    public const int Absent = -1;

    private byte[] _buffer = new byte[64 * 1024];
    private int _keyLength;

    /// <summary>Key and value of the record last consumed, one after the other.</summary>
    public ReadOnlySpan<byte> KeyAndValue(int keyLength, int valueLength) =>
        _buffer.AsSpan(0, Math.Max(keyLength, 0) + Math.Max(valueLength, 0));

    /// <summary>Key first, value second: that is the order in which the client asks.</summary>
    public int Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        var start = context.Component == MessageComponentType.Key ? 0 : _keyLength;
        if (start + data.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, start + data.Length);
        }

        data.CopyTo(_buffer.AsSpan(start));
        if (context.Component == MessageComponentType.Key)
        {
            _keyLength = data.Length;
        }

        return isNull ? Absent : data.Length;
    }
}
