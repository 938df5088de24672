using System.Threading.Channels;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// A partition while this process holds it: what its owner reads, rewinds and stores. Any thread may call; the lock is never
/// held while anything waits.
/// </summary>
internal sealed class AssignedPartition
{
    private readonly Lock _gate = new();
    private readonly PartitionedConsumer _consumer;
    private readonly int _capacity;
    private Channel<RecordBatch> _channel;
    private long? _seekTo;
    private long? _stored;
    private int _epoch;
    private bool _isRevoked;
    private bool _isComplete;

    internal AssignedPartition(PartitionedConsumer consumer, int partition, int epoch, int capacity)
    {
        _consumer = consumer;
        Partition = partition;
        _epoch = epoch;
        _capacity = capacity;
        _channel = OpenChannel();
    }

    public int Partition { get; }

    /// <summary>Grows with every assignment and rewind; batches of another epoch are not for the present reader.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>The present epoch's batches. Complete after a rewind, a revocation or a loss.</summary>
    public ChannelReader<RecordBatch> Reader
    {
        get
        {
            lock (_gate)
            {
                return _channel.Reader;
            }
        }
    }

    /// <summary>True once the partition is no longer ours; what is stored after that is ignored.</summary>
    public bool IsRevoked => Volatile.Read(ref _isRevoked);

    internal bool IsEmpty => Reader.Count == 0;

    /// <summary>Stays true until the polling thread, the only writer, writes.</summary>
    internal bool HasRoom => Reader.Count < _capacity;

    /// <summary>
    /// Begins again at an offset: completes the old channel, gives back what nobody read in it, and returns a new channel whose
    /// first record is the one at <paramref name="offset"/> (or the next one that exists). Once the partition is revoked, the
    /// new channel is complete and empty. Never waits, also when the old channel is full and its reader is gone.
    /// </summary>
    public ChannelReader<RecordBatch> Rewind(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Channel<RecordBatch> old;
        Channel<RecordBatch> opened;
        lock (_gate)
        {
            old = _channel;
            opened = _channel = OpenChannel();
            if (_isComplete)
            {
                opened.Writer.TryComplete();
            }
            else
            {
                Volatile.Write(ref _epoch, _consumer.NextEpoch());
                _seekTo = offset;
            }
        }

        old.Writer.TryComplete();
        GiveBack(old.Reader);
        _consumer.RequestSeeks();
        return opened.Reader;
    }

    /// <summary>
    /// Stores where the group should go on, for the next commit. Never throws because the partition is no longer ours: that is
    /// counted and the new owner's offset stands.
    /// </summary>
    public void StoreOffset(long nextOffset)
    {
        lock (_gate)
        {
            if (!_isRevoked && _consumer.TryStoreOffset(Partition, nextOffset))
            {
                _stored = nextOffset;
                return;
            }
        }

        _consumer.CountIgnoredStore();
    }

    /// <summary>Offset last stored, or null. Polling thread, after revocation.</summary>
    internal long? Stored
    {
        get
        {
            lock (_gate)
            {
                return _stored;
            }
        }
    }

    /// <summary>Hands a batch over; one of an older epoch is given back instead. There has to be room.</summary>
    internal void Deliver(RecordBatch batch)
    {
        lock (_gate)
        {
            if (batch.Epoch == _epoch && !_isComplete)
            {
                if (!_channel.Writer.TryWrite(batch))
                {
                    throw new InvalidOperationException("A batch was made for a channel without room.");
                }

                return;
            }
        }

        batch.Return();
    }

    /// <summary>The offset of the newest rewind not yet carried out, with its epoch; taken only by <see cref="SeekIsDone"/>.</summary>
    internal bool IsSeekWanted(out long offset, out int epoch)
    {
        lock (_gate)
        {
            offset = _seekTo ?? 0;
            epoch = _epoch;
            return _seekTo is not null && !_isComplete;
        }
    }

    /// <summary>False when another rewind has come in meanwhile.</summary>
    internal bool SeekIsDone(int epoch)
    {
        lock (_gate)
        {
            if (_epoch != epoch)
            {
                return false;
            }

            _seekTo = null;
            return true;
        }
    }

    /// <summary>No batch comes any more; those in the channel can still be read, and offsets stored.</summary>
    internal void Complete(Exception? reason = null)
    {
        lock (_gate)
        {
            _isComplete = true;
            _channel.Writer.TryComplete(reason);
        }
    }

    /// <summary>The partition is gone: nothing is stored any more, and batches nobody read go back to the pool.</summary>
    internal void Revoke(Exception? reason = null)
    {
        Complete(reason);
        ChannelReader<RecordBatch> reader;
        lock (_gate)
        {
            Volatile.Write(ref _isRevoked, true);
            reader = _channel.Reader;
        }

        GiveBack(reader);
    }

    private static void GiveBack(ChannelReader<RecordBatch> reader)
    {
        // The old reader may still be reading: each batch comes out once, and whoever gets it returns it.
        while (reader.TryRead(out var batch))
        {
            batch.Return();
        }
    }

    private Channel<RecordBatch> OpenChannel() => Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(_capacity)
    {
        SingleWriter = true,
        // Full means that the partition is not read from librdkafka: the polling thread looks for room before it fills a batch.
        FullMode = BoundedChannelFullMode.Wait,
        AllowSynchronousContinuations = false,
    });
}
