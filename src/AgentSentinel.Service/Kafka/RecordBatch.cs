using System.Runtime.InteropServices;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Records of one partition in offset order. Owned by whoever read it from the channel, until <see cref="Return"/>:
/// after that the memory belongs to another batch and must not be looked at.
/// </summary>
internal sealed class RecordBatch
{
    private const int FirstBufferBytes = 4096;
    private const int FirstEntries = 16;
    private const int Absent = -1;

    private readonly RecordBatchPool _pool;
    private Entry[] _entries = [];
    private byte[] _buffer = [];
    private int _isRented;

    public RecordBatch(RecordBatchPool pool) => _pool = pool;

    public int Partition { get; private set; }

    /// <summary>Assignment or rewind the batch belongs to; unique within its consumer.</summary>
    public int Epoch { get; private set; }

    /// <summary>Records inside; 0 is a tick: nothing new.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of keys, values and the headers that are read.</summary>
    public int Bytes { get; private set; }

    /// <summary>The offset after the last record; where to go on after this batch.</summary>
    public long NextOffset { get; private set; }

    /// <summary>True when the consumer had reached the partition's end as this batch was made.</summary>
    public bool IsCaughtUp { get; internal set; }

    /// <summary>Memory kept by this batch whether it holds records or not.</summary>
    internal int BufferBytes => _buffer.Length;

    /// <summary>The record's value; empty for a tombstone.</summary>
    public ReadOnlyMemory<byte> Value(int i)
    {
        ref readonly var entry = ref EntryAt(i);
        return _buffer.AsMemory(entry.Start + entry.KeyLength, Math.Max(entry.ValueLength, 0));
    }

    /// <summary>The record's key; empty when it has none.</summary>
    public ReadOnlyMemory<byte> Key(int i)
    {
        ref readonly var entry = ref EntryAt(i);
        return _buffer.AsMemory(entry.Start, entry.KeyLength);
    }

    /// <summary>Who wrote the record, as its header <c>sentinel.producer</c> says; empty when it does not, or when headers are not read.</summary>
    public ReadOnlyMemory<byte> Producer(int i)
    {
        ref readonly var entry = ref EntryAt(i);
        return _buffer.AsMemory(entry.Start + entry.KeyLength + Math.Max(entry.ValueLength, 0), entry.ProducerLength);
    }

    /// <summary>The record's header <c>sentinel.signature</c>; empty like <see cref="Producer"/>.</summary>
    public ReadOnlyMemory<byte> Signature(int i)
    {
        ref readonly var entry = ref EntryAt(i);
        return _buffer.AsMemory(entry.Start + entry.KeyLength + Math.Max(entry.ValueLength, 0) + entry.ProducerLength, entry.SignatureLength);
    }

    /// <summary>True when the record has a null value, which is not the same as an empty one.</summary>
    public bool IsTombstone(int i) => EntryAt(i).ValueLength == Absent;

    public long Offset(int i) => EntryAt(i).Offset;

    /// <summary>Kafka's timestamp: the producer's or the broker's clock, as the topic says. The epoch when there is none.</summary>
    public DateTimeOffset Timestamp(int i) => DateTimeOffset.FromUnixTimeMilliseconds(EntryAt(i).TimestampMs);

    /// <summary>Gives the batch back. Twice is a bug of the owner and throws, as the batch may be somebody else's by now.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _isRented, 0) == 0)
        {
            throw new InvalidOperationException("The batch was returned before.");
        }

        // The pool's limit on kept memory is a number of batches, so one giant record must not stay in it for ever.
        if (_buffer.Length > _pool.MaxKeptBytes)
        {
            _buffer = [];
        }

        Count = 0;
        Bytes = 0;
        _pool.Put(this);
    }

    internal void Begin(int partition, int epoch, long nextOffset)
    {
        _isRented = 1;
        Partition = partition;
        Epoch = epoch;
        NextOffset = nextOffset;
        IsCaughtUp = false;
    }

    /// <summary>Copies one record in. A null pointer is a null key or value, which is not the same as an empty one.</summary>
    internal void Add(
        long offset, long timestampMs, nint key, int keyLength, nint value, int valueLength, ReadOnlySpan<byte> producer = default, ReadOnlySpan<byte> signature = default)
    {
        var bytes = keyLength + valueLength + producer.Length + signature.Length;
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(FirstEntries, Count * 2));
        }

        if (Bytes + bytes > _buffer.Length)
        {
            Grow(Bytes + bytes);
        }

        if (keyLength > 0)
        {
            Marshal.Copy(key, _buffer, Bytes, keyLength);
        }

        if (valueLength > 0)
        {
            Marshal.Copy(value, _buffer, Bytes + keyLength, valueLength);
        }

        producer.CopyTo(_buffer.AsSpan(Bytes + keyLength + valueLength));
        signature.CopyTo(_buffer.AsSpan(Bytes + keyLength + valueLength + producer.Length));
        _entries[Count++] = new Entry(offset, timestampMs, Bytes, keyLength, value == 0 ? Absent : valueLength, producer.Length, signature.Length);
        Bytes += bytes;
        NextOffset = offset + 1;
    }

    private void Grow(int needed)
    {
        // Doubling ends at the size of a full batch: only records beyond that are paid for exactly.
        var size = Math.Max(needed, Math.Min(Math.Max(FirstBufferBytes, _buffer.Length * 2), _pool.MaxKeptBytes));
        Array.Resize(ref _buffer, size);
    }

    private ref readonly Entry EntryAt(int i)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Count, nameof(i));
        return ref _entries[i];
    }

    private readonly record struct Entry(long Offset, long TimestampMs, int Start, int KeyLength, int ValueLength, int ProducerLength, int SignatureLength);
}
